"""Cells that hold several values of one attribute."""

import pytest

from indexer import CatalogSchema, FieldRole, ProductReader, Row
from indexer.field_evidence import gather_evidence
from indexer.value_lists import list_separator, split_values
from search_core.settings import IndexerSettings


def separator_of(*cells: object) -> str | None:
    rows = [Row(n, {"field": cell}) for n, cell in enumerate(cells, start=1)]
    return list_separator(gather_evidence(rows)["field"])


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (("S|M|L", "S|M", "M|L|XL"), "|"),
        (("S;M;L", "S; M", "XL"), None),
        (("S;M;L", "S; M", "M ;L", "XL"), ";"),
        (("红、蓝", "蓝、黑", "黑、红"), "、"),
        # What follows an entity is no value of its own, and one text counts once.
        (("Black &amp; White", "Salt &amp; Pepper", "Rock &amp; Roll"), None),
        (("AC; DC", "AC; DC", "AC; DC", "AC"), None),
        (("S, M, L", "M, L", "L, XL", "XL", "S, M"), ","),
        (("red, blue", "blue, red", "red", "green, blue", "green"), ","),
    ],
)
def test_lists_are_told_by_the_whole_column(cells, separator):
    assert separator_of(*cells) == separator


def test_a_separator_that_is_seldom_part_of_a_value_needs_no_values_that_come_again():
    assert separator_of("S|M|L", "red|blue", "cotton|wool") == "|"


@pytest.mark.parametrize(
    "cells",
    [
        # Parts of one value keep their places.
        ("Paris, France", "Lyon, France", "Berlin, Germany", "Bonn, Germany", "Paris, France"),
        # Values that never come again are no choices.
        ("soft, light", "warm, thick", "dry, clean", "sweet, sour"),
        # A decimal comma.
        ("1,5", "2,5", "1,5, 2,5", "2,5, 1,5"),
        # Sentences.
        ("It is soft and keeps you warm; wash it at thirty degrees",) * 4,
        # Several attributes in one text: they are `packed`.
        ("Width: 5; Height: 6", "Width: 6; Height: 5", "Width: 7; Height: 7"),
        # Two texts may be a coincidence.
        ("S|M", "L|XL", "M", "S"),
        # A sign at the end parts nothing.
        ("a;", "b;", "c;", "d"),
        (["S|M", "M|L"], ["S|M"], ["M|L"]),
        (1, 2, 3),
    ],
)
def test_what_may_be_one_value_stays_one(cells):
    assert separator_of(*cells) is None


def test_values_lose_the_space_around_them_and_what_is_empty():
    assert split_values(" S ;; M;S ; ", ";") == ["S", "M"]


def test_each_value_of_a_cell_becomes_an_attribute():
    schema = CatalogSchema(fields={FieldRole.TITLE: ("name",)}, value_separators={"sizes": "|"})
    reader = ProductReader(schema, IndexerSettings())
    product = reader.read(Row(1, {"name": "Shirt", "sizes": "36|38", "colours": "red|blue"}))
    found = [(each.name, each.value) for each in product.attributes]
    assert found == [
        ("sizes", "36"),
        ("sizes", 36.0),
        ("sizes", "38"),
        ("sizes", 38.0),
        ("colours", "red|blue"),
    ]
