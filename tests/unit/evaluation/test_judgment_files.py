import gzip

import pytest

from evaluation import (
    GradeReading,
    JudgedQuery,
    Judgment,
    JudgmentFormat,
    Judgments,
    read_judgments,
    read_query_texts,
    write_judgments,
)
from search_core import JudgmentsError

JUDGMENTS = Judgments.of(
    [
        Judgment(query=JudgedQuery(text='19" rack, "2U"'), product_id="A 1", grade=3),
        Judgment(query=JudgedQuery(text='19" rack, "2U"'), product_id="50%", grade=0),
        Judgment(query=JudgedQuery(text="手机壳"), product_id="B", grade=2),
    ]
)


@pytest.fixture
def written(tmp_path):
    def write(text, name="judgments.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def grades(path, **options):
    return {
        (each.query.text, each.product_id): each.grade
        for each in read_judgments(path, **options).judgments
    }


@pytest.mark.parametrize("ending", [".csv", ".qrels", ".json", ".jsonl"])
def test_what_is_written_is_read_again_alike(tmp_path, ending):
    path = tmp_path / f"judgments{ending}"
    write_judgments(JUDGMENTS, path)
    found = read_judgments(path)
    assert found.problems == ()
    assert found.judgments == JUDGMENTS


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_filters_frequency_and_sessions_survive(tmp_path, ending):
    query = JudgedQuery(text="shirt", filters=("brand=HP|Dell", "price<50"), frequency=12.0)
    judgments = Judgments.of([Judgment(query=query, product_id="a", grade=1, sessions=31)])
    path = tmp_path / f"judgments{ending}"
    write_judgments(judgments, path)
    read = read_judgments(path).judgments
    assert read == judgments
    assert read.queries[0].frequency == 12.0


@pytest.mark.parametrize(
    "header",
    [
        "query,docid,rating",
        "Query;Doc ID;Rating",
        "keyword\tproduct_id\tgrade",
        "Suchbegriff;Artikelnummer;Bewertung",
        "Requête;Référence;Note",
        "查询词,商品编号,评分",
    ],
)
def test_headers_and_delimiters_of_other_tools_are_understood(written, header):
    delimiter = next(each for each in ",;\t" if each in header)
    path = written(f"{header}\nred dress{delimiter}SKU-1{delimiter}3\n")
    assert grades(path) == {("red dress", "SKU-1"): 3}


def test_further_columns_may_hold_line_breaks(written):
    path = written('query,docid,comment,rating\na,1,"good\nbut dear",3\nb,2,,1\n')
    assert grades(path) == {("a", "1"): 3, ("b", "2"): 1}


def test_a_file_without_a_header_is_read_by_position(written):
    assert grades(written("red dress,SKU-1,3\n")) == {("red dress", "SKU-1"): 3}


def test_qrels_take_texts_of_their_ids(written):
    path = written("7 0 SKU-1 2\n8 0 SKU-1 0\n", "list.qrels")
    texts = read_query_texts(written("7\tred dress\n", "queries.tsv"))
    assert grades(path, query_texts=texts) == {("red dress", "SKU-1"): 2, ("8", "SKU-1"): 0}


def test_query_texts_need_a_tab(written):
    with pytest.raises(JudgmentsError, match="line 2: no tab"):
        read_query_texts(written("7\tred dress\n8 shirt\n", "queries.tsv"))


def test_the_workbench_answer_to_a_request_for_a_list_is_read(written):
    path = written(
        '{"hits": {"hits": [{"_source": {"judgmentRatings": [{"query": "red dress", "ratings":'
        ' [{"docId": "a", "rating": "3.000"}, {"docId": "b", "rating": "0.000"}]}]}}]}}',
        "list.json",
    )
    assert grades(path) == {("red dress", "a"): 3, ("red dress", "b"): 0}


def test_a_problem_in_json_names_its_place(written):
    path = written(
        '{"judgmentRatings": [{"query": "q", "ratings": [{"docId": "a", "rating": "1"}, {}]}]}',
        "list.json",
    )
    found = read_judgments(path)
    assert [problem.place for problem in found.problems] == ["judgmentRatings[0].ratings[1]"]


def test_broken_json_names_its_line(written):
    with pytest.raises(JudgmentsError, match="line 2: no JSON"):
        read_judgments(written('{"judgmentRatings":\n oops}', "list.json"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030", "utf-8"])
def test_chinese_is_read_in_every_usual_encoding(written, encoding):
    rows = "".join(
        f"{query},{number},3\n" for number, query in enumerate(("手机壳", "床单纯棉", "移动电源"))
    )
    path = written(f"query,docid,rating\n{rows}", encoding=encoding)
    assert grades(path) == {("手机壳", "0"): 3, ("床单纯棉", "1"): 3, ("移动电源", "2"): 3}


def test_western_text_is_read_from_cp1252(written):
    path = written(
        "query,docid,rating\nMüllsäcke für die Küche,1,3\nchaussures d’été légères,2,1\n",
        encoding="cp1252",
    )
    assert grades(path) == {
        ("Müllsäcke für die Küche", "1"): 3,
        ("chaussures d’été légères", "2"): 1,
    }


def test_a_named_encoding_is_used(written):
    path = written("query,docid,rating\nмышь,1,3\n", encoding="cp1251")
    assert grades(path, encoding="cp1251") == {("мышь", "1"): 3}
    with pytest.raises(JudgmentsError, match="no encoding 'klingon'"):
        read_judgments(path, encoding="klingon")


def test_a_damaged_line_of_a_utf8_file_is_named_and_takes_no_other_with_it(written):
    path = written(
        b"query,docid,rating\n\xe6\x89\x8b\xe6\x9c\xba,1,3\n\xff\xfe,2,3\nsch\xc3\xb6n,3,1\n"
    )
    found = read_judgments(path)
    assert len(found.judgments) == 2
    assert [problem.place for problem in found.problems] == ["line 3"]


def test_gzipped_files_are_read(written):
    path = written(gzip.compress(b"query,docid,rating\nred dress,1,3\n"), "judgments.csv.gz")
    assert grades(path) == {("red dress", "1"): 3}


@pytest.mark.parametrize("grade", ["good", "nan", "", "1_0", "1,000"])
def test_an_unknown_grade_is_named_with_its_line(written, grade):
    found = read_judgments(written(f'query,docid,rating\na,1,3\na,2,"{grade}"\n'))
    assert [str(problem) for problem in found.problems] == [f"line 3: unknown grade '{grade}'"]
    assert len(found.judgments) == 1


@pytest.mark.parametrize("grade", ["2.5", "2,5", "-1", "1e9"])
def test_a_number_that_is_no_grade_is_told_from_a_word(written, grade):
    found = read_judgments(written(f'query,docid,rating\na,1,3\na,2,"{grade}"\n'))
    assert [str(problem) for problem in found.problems] == [
        f"line 3: grade '{grade}' is no whole number from 0 to 1,000"
    ]


def test_a_decimal_comma_is_read_where_grades_are_scaled(written):
    path = written("query;docid;rating\na;1;2,5\na;2;0,5\n")
    assert grades(path, reading=GradeReading(scale=2)) == {("a", "1"): 5, ("a", "2"): 1}


def test_a_row_with_more_than_the_header_has_is_named(written):
    found = read_judgments(written("query,docid,rating\na,1,2,5\nred, long,2,3\nb,1,3,,\n"))
    assert [str(problem) for problem in found.problems] == [
        "line 2: 4 fields instead of 3", "line 3: 4 fields instead of 3",
    ]  # fmt: skip
    assert {each.query.text: each.grade for each in found.judgments} == {"b": 3}


def test_a_header_of_unknown_names_costs_its_own_line_only(written):
    found = read_judgments(written("Foo;Bar;Baz\nred dress;SKU-1;3\n"))
    assert [str(problem) for problem in found.problems] == ["line 1: unknown grade 'Baz'"]
    assert {each.query.text: each.product_id for each in found.judgments} == {"red dress": "SKU-1"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("q1 0 A 3\nq2 0 B 1\n", True),
        ("red%20dress 0 A 3\nq2 0 B 1\n", False),
        ("手机壳 0 A 3\n", False),
    ],
)
def test_queries_of_qrels_that_may_be_ids_without_texts_are_noticed(written, text, ids):
    assert read_judgments(written(text, "list.qrels")).looks_like_ids is ids


def test_one_word_queries_of_a_csv_file_are_no_ids(written):
    assert not read_judgments(written("query,docid,rating\ntoner,A,3\n")).looks_like_ids


def test_grades_may_have_names(written):
    path = written("query,docid,rating\na,1,Exact\na,2,irrelevant\n")
    reading = GradeReading(names={"exact": 3, "Irrelevant": 0})
    assert grades(path, reading=reading) == {("a", "1"): 3, ("a", "2"): 0}


def test_fractions_can_be_scaled(written):
    path = written("query,docid,rating\na,1,0.991\na,2,0.34\na,3,0\n")
    reading = GradeReading(scale=3)
    assert grades(path, reading=reading) == {("a", "1"): 3, ("a", "2"): 1, ("a", "3"): 0}


def test_a_second_grade_is_a_problem_and_names_the_first(written):
    found = read_judgments(written("query,docid,rating\na,1,3\na,1,3\na,1,2\n"))
    assert found.repeated == 1
    assert [str(problem) for problem in found.problems] == [
        "line 4: grade 2 for 1 and 'a', but line 2 says 3"
    ]


def test_an_unclosed_quotation_mark_costs_its_own_line_only(written):
    path = written('query,docid,rating\n"open,1,3\nred,2,1\n"x,3,2\nblue,4,3\n')
    found = read_judgments(path)
    assert set(grades(path)) == {("red", "2"), ("blue", "4")}
    assert [problem.place for problem in found.problems] == ["line 2", "line 4"]


def test_a_problem_stops_whoever_does_not_ask_to_skip_it(written):
    found = read_judgments(written("query,docid,rating\na,1,3\na,2\n"))
    with pytest.raises(JudgmentsError, match="line 3: 2 fields instead of 3"):
        found.checked()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("query,docid,rating\n", "has no judgments"),
        ("hello\nworld\n", "is in no format"),
        ("query,docid,rating\na,b,c\n", "unknown grade 'c'"),
    ],
)
def test_a_file_without_judgments_is_refused(written, text, message):
    with pytest.raises(JudgmentsError, match=message):
        read_judgments(written(text, "judgments.dat"))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(JudgmentsError, match="cannot be read: No such file"):
        read_judgments(tmp_path / "nothing.csv")


def test_a_damaged_gzip_is_refused(written):
    with pytest.raises(JudgmentsError, match="cannot be unpacked"):
        read_judgments(written(b"\x1f\x8b\x08damaged", "j.csv.gz"))


def test_an_ending_without_a_format_needs_one(tmp_path):
    with pytest.raises(JudgmentsError, match="does not say in which format"):
        write_judgments(JUDGMENTS, tmp_path / "judgments.xyz")
    assert write_judgments(JUDGMENTS, tmp_path / "j.xyz", JudgmentFormat.CSV) is JudgmentFormat.CSV
