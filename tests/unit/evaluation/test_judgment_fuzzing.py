"""Whatever stands in a judgment file: no crash, and no line that is a judgment is lost."""

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import JudgmentFormat, read_judgments
from search_core import JudgmentsError

# One word or more; no line ends, no halves of characters, no sign of damage.
texts = (
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufffd"),
        min_size=1,
        max_size=20,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
rows = st.dictionaries(st.tuples(texts, texts), st.integers(0, 4), min_size=1, max_size=6)
garbage = st.one_of(
    st.text(st.characters(exclude_characters="\n\r", exclude_categories=("Cs",)), max_size=30),
    st.sampled_from(
        ['"', '"open,1,3', 'a,"b', "a,b,", ",,", "a;b;c", "x,y,many", "\x00", "{", "]"]
    ),
)


def read(text, ending, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"judgments{ending}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            return read_judgments(path, **options)
        except JudgmentsError:
            return None


def interleaved(lines, others):
    mixed = []
    for number in range(max(len(lines), len(others))):
        mixed += [*others[number : number + 1], *lines[number : number + 1]]
    return "".join(f"{line}\n" for line in mixed)


def csv_line(fields):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(fields)
    return buffer.getvalue()


def graded(found, given_rows):
    """Return whether each row is there, or named as contradicting another line."""
    grades = {(e.query.text, e.product_id): e.grade for e in found.judgments}
    contradicted = " ".join(str(each) for each in found.problems)
    return all(
        grades.get(pair) == grade or (pair in grades and "says" in contradicted)
        for pair, grade in given_rows.items()
    )


@settings(deadline=None)
@given(rows, st.lists(garbage, max_size=6))
def test_no_line_of_a_csv_file_is_lost(given_rows, others):
    lines = [csv_line((*pair, grade)) for pair, grade in given_rows.items()]
    text = "query,docid,rating\n" + interleaved(lines, others)
    found = read(text, ".csv", encoding="utf-8", format=JudgmentFormat.CSV)
    assert found is not None
    assert graded(found, given_rows)


@settings(deadline=None)
@given(rows, st.lists(garbage, max_size=6))
def test_no_line_of_json_lines_is_lost(given_rows, others):
    lines = [
        json.dumps({"query": query, "product_id": product_id, "grade": grade})
        for (query, product_id), grade in given_rows.items()
    ]
    text = interleaved(lines, others)
    found = read(text, ".jsonl", encoding="utf-8", format=JudgmentFormat.JSON_LINES)
    assert found is not None
    assert graded(found, given_rows)


words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8)


@settings(deadline=None)
@given(
    st.dictionaries(st.tuples(words, words), st.integers(0, 4), min_size=1, max_size=6),
    st.lists(garbage, max_size=6),
)
def test_no_line_of_qrels_is_lost(given_rows, others):
    lines = [f"{query} 0 {product} {grade}" for (query, product), grade in given_rows.items()]
    text = interleaved(lines, others)
    found = read(text, ".qrels", encoding="utf-8", format=JudgmentFormat.TREC)
    assert found is not None
    assert graded(found, given_rows)


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace"))
    )
)
def test_no_bytes_at_all_crash_the_reader(data):
    for ending in (".csv", ".json", ".dat"):
        read(data, ending)


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["judgmentRatings", "query", "ratings", "docId", "rating", "hits", "_source"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_crashes_the_reader(document):
    read(json.dumps(document), ".json")
    read(json.dumps(document), ".jsonl")
