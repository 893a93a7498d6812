"""What commands print, as a pipe or a log sees it."""

import pytest

from shopkeeper.console import counted, table


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (1, "product", "1 product"),
        (0, "product", "0 products"),
        (1030, "product", "1,030 products"),
        (2, "query", "2 queries"),
        (1, "query", "1 query"),
        (3, "search", "3 searches"),
    ],
)
def test_numbers_agree_with_their_nouns(count, noun, text):
    assert counted(count, noun) == text


def test_a_table_alone_is_only_its_rows_when_it_is_piped(capsys):
    table("Tags", ("product", "tag"), [("1", "cup")])
    assert capsys.readouterr().out == "product\ttag\n1\tcup\n"


def test_one_of_several_tables_keeps_its_title_when_it_is_piped(capsys):
    table("Means over 2 queries", ("measure", "a"), [("P@1", "1.0")], one_of_several=True)
    assert capsys.readouterr().out == "# Means over 2 queries\nmeasure\ta\nP@1\t1.0\n\n"
