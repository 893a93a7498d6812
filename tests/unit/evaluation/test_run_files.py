import pytest

from evaluation import Answer, JudgedQuery, Run, read_run_file, write_run_file
from search_core import RunFileError

DRESS = JudgedQuery(text="red dress")
SHIRT = JudgedQuery(text="shirt")


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "present.trec"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_hits_come_by_score_then_by_id_whatever_the_rank_column_says(written):
    path = written("shirt Q0 b 1 0.5 shop\nshirt Q0 c 2 0.9 shop\nshirt Q0 a 3 0.5 shop\n")
    found = read_run_file(path, [SHIRT])
    assert found.run.ranking(SHIRT) == ("c", "a", "b")
    assert found.run.name == "shop"


def test_what_is_written_is_read_again_alike(tmp_path):
    ids = ("id 2", "1", "50%", "手机")
    run = Run(name="our search", answers={DRESS.key: Answer(product_ids=ids)})
    path = tmp_path / "run.trec"
    write_run_file(run, path)
    found = read_run_file(path, [DRESS])
    assert found.run.ranking(DRESS) == ids
    assert found.run.name == "our-search"


def test_queries_may_be_named_by_ids_with_texts(written):
    path = written("7 Q0 a 1 2.5 shop\n")
    assert read_run_file(path, [DRESS], query_texts={"7": "red dress"}).run.ranking(DRESS) == ("a",)


def test_a_product_that_is_listed_twice_counts_where_it_scores_best(written):
    path = written("shirt Q0 a 1 3 s\nshirt Q0 b 2 2 s\nshirt Q0 a 3 1 s\n")
    assert read_run_file(path, [SHIRT]).run.ranking(SHIRT) == ("a", "b")


def test_queries_on_one_side_only_are_counted(written):
    found = read_run_file(written("shirt Q0 a 1 3 s\nsofa Q0 a 1 3 s\n"), [SHIRT, DRESS])
    assert found.missing == (DRESS,)
    assert found.not_judged == 1


def test_a_run_of_other_queries_is_refused(written):
    with pytest.raises(RunFileError, match="ranks none of the 1 judged queries; its first is 'q1'"):
        read_run_file(written("q1 Q0 a 1 3 s\n"), [SHIRT])


@pytest.mark.parametrize("line", ["shirt Q0 a 1 3", "shirt Q0 a 1 high s", "shirt Q0 a 1 nan s"])
def test_a_line_that_is_none_of_a_run_is_named(written, line):
    with pytest.raises(RunFileError, match="line 2 is none of a run"):
        read_run_file(written(f"shirt Q0 a 1 3 s\n{line}\n"), [SHIRT])


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(RunFileError, match="cannot be read"):
        read_run_file(tmp_path / "nothing.trec", [SHIRT])
