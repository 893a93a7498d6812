"""The chosen filters as chips."""

from urllib.parse import parse_qsl

import pytest

from query_proxy.search_page.address import PageAddress
from query_proxy.search_page.chinese import CHINESE
from query_proxy.search_page.chips import Chip, chips, filter_text
from query_proxy.search_page.english import ENGLISH
from search_core import RangeFilter, TextFilter


def chips_of(query: str, texts=ENGLISH, currency=None) -> tuple[Chip, ...]:
    return chips(PageAddress.read(parse_qsl(query)), {"colour": "Colour"}, currency, texts)


def test_each_value_is_a_chip_that_leads_to_the_result_without_it():
    assert chips_of("q=mug&filter=colour%3Dred%7Cblue") == (
        Chip(text="Colour: red", url="?q=mug&filter=colour%3Dblue"),
        Chip(text="Colour: blue", url="?q=mug&filter=colour%3Dred"),
    )


def test_the_bounds_of_the_price_are_one_chip():
    query = "filter=price%3E%3D20&filter=brand%3DHP&filter=price%3C50"
    assert chips_of(query, currency="USD")[0] == Chip(
        text="Price: $20 to $50", url="?filter=brand%3DHP"
    )


def test_excluded_values_and_ranges_of_attributes_are_chips_too():
    query = "filter=brand!%3DHP%7CNova&filter=weight_kg%3C%3D2.5"
    assert [(each.text, each.url) for each in chips_of(query)] == [
        ("Brand: not HP / Nova", "?filter=weight_kg%3C%3D2.5"),
        ("Weight kg ≤ 2.5", "?filter=brand%21%3DHP%7CNova"),
    ]


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ("weight_kg%3C2.5", "Weight kg < 2.5"),
        ("weight_kg%3E2.5", "Weight kg > 2.5"),
        ("weight_kg%3E%3D2.5", "Weight kg ≥ 2.5"),
    ],
)
def test_a_bound_that_is_left_out_is_not_shown_as_one_that_is_let_through(bounds, text):
    (chip,) = chips_of(f"filter={bounds}")
    assert chip.text == text


def test_a_category_is_named_by_its_last_step():
    (chip,) = chips_of("filter=category%3DShoes+%3E+Boots", CHINESE)
    assert chip.text == "分类: Boots"


def test_filters_that_were_read_from_the_words_are_told_in_the_same_way():
    cheap = RangeFilter(field="price", less_than=100.0)
    assert filter_text(cheap, {}, "USD", ENGLISH) == "Price: Under $100"
    without = TextFilter(phrases=("leather",), negated=True)
    assert filter_text(without, {}, None, ENGLISH) == "not “leather” in the text"
