import pytest

from query_understanding import Intent, read_intent_labels
from search_core import JudgmentsError


def written(tmp_path, text):
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_queries_are_read_with_their_intents(tmp_path):
    path = written(tmp_path, "\ufeffintent,query,note\nsupport,where is it,x\nbuy,红色 连衣裙,\n")
    assert read_intent_labels(path) == [
        ("where is it", Intent.SUPPORT),
        ("红色 连衣裙", Intent.BUY),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no column query and no column intent"),
        ("query\nx\n", "no column intent"),
        ("query,intent\n", "no labelled query"),
        ("query,intent\n,buy\n", "row 2 has no query"),
        ("query,intent\nlamp,purchase\n", "row 2: 'purchase' is no intent"),
        ("query,intent\nlamp,unknown\n", "'unknown' is no intent"),
        ("query,intent\nlamp\n", "row 2: '' is no intent"),
        ("query,intent\n" + "lamp,x\n" * 5, "2 more"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(tmp_path, text, problem):
    with pytest.raises(JudgmentsError, match=problem):
        read_intent_labels(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(JudgmentsError, match=r"nothing\.csv"):
        read_intent_labels(tmp_path / "nothing.csv")
