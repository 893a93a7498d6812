"""The page's address and those one click away."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_proxy.search_page.address import PageAddress, price_bounds
from search_core import FilterError, MalformedRequestError


def address(query: str) -> PageAddress:
    return PageAddress.read(parse_qsl(query, keep_blank_values=True))


def test_an_empty_address_is_the_whole_shop():
    empty = address("")
    assert (empty.query.q, empty.query.sort, empty.query.page) == ("", "relevance", 1)
    assert empty.url == "./"


def test_an_address_is_written_as_it_was_read():
    text = "q=red+dress&filter=brand%3DAria&sort=cheapest&page=3&index=shop&lang=zh&exact=1"
    assert address(text).url == f"?{text}"


def test_parameters_that_campaigns_add_are_ignored():
    assert address("q=mug&utm_source=letter").url == "?q=mug"


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=1001", f"q={'x' * 10_001}"])
def test_values_that_cannot_be_are_refused(query):
    with pytest.raises(MalformedRequestError, match=query.partition("=")[0]):
        address(query)


def test_links_repeat_what_is_read_of_a_pasted_text():
    pasted = address(f"q={'x' * 10_000}")
    assert pasted.query.q == "x" * 1_000
    assert pasted.at_page(2).url == f"?q={'x' * 1_000}&page=2"


def test_a_filter_that_cannot_be_read_is_refused():
    with pytest.raises(FilterError):
        _ = address("filter=nonsense").filters


def test_a_new_search_keeps_the_language_and_leaves_filters_sort_and_page():
    there = address("q=mug&filter=brand%3DHP&sort=newest&page=2&lang=zh").searching("cup")
    assert there.url == "?q=cup&lang=zh"


def test_another_sort_or_filter_starts_at_the_first_page():
    third = address("q=mug&page=3")
    assert third.sorted_by("newest").query.page == 1
    assert third.filtered("brand=HP").query.page == 1
    assert third.toggled("brand", "HP").query.page == 1


def test_values_of_one_field_are_joined_in_one_filter():
    both = address("filter=colour%3Dred").toggled("colour", "blue")
    assert both.query.filter == ("colour=red|blue",)


def test_a_chosen_value_is_no_longer_chosen_after_a_second_click_whatever_its_case():
    assert address("filter=colour%3DRed%7Cblue").toggled("colour", "red").query.filter == (
        "colour=blue",
    )
    assert address("filter=colour%3Dred").toggled("colour", "red").url == "./"


def test_a_filter_that_excludes_values_is_left_alone_by_a_click():
    there = address("filter=colour!%3Dred").toggled("colour", "blue")
    assert there.query.filter == ("colour!=red", "colour=blue")


def test_typed_prices_replace_the_price_that_was_chosen():
    there = address("q=mug&filter=price%3E%3D20&filter=brand%3DHP&min=5&max=+9.5+")
    assert there.query.filter == ("brand=HP", "price>=5", "price<=9.5")
    assert price_bounds(there) == (5.0, 9.5)


def test_empty_price_fields_change_nothing():
    assert address("filter=price%3C20&min=&max=").query.filter == ("price<20",)


def test_a_price_that_is_no_number_is_refused():
    with pytest.raises(FilterError, match="price"):
        _ = address("min=cheap").filters


VALUES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="|"), min_size=1)


@given(text=st.text(st.characters(exclude_categories=["C"]), max_size=50), value=VALUES)
def test_any_text_and_value_survive_the_address(text, value):
    written = address("").searching(text).filtered(f"colour={value}")
    read = address(written.url.removeprefix("?"))
    assert read.query.q == text
    assert read.values("colour") == (value,)


def test_a_filter_keeps_its_values_and_place_under_another_name():
    parameters = [
        ("q", "lamp"),
        ("filter", "brand=A"),
        ("filter", " colr != red|blue"),
        ("page", "3"),
    ]
    address = PageAddress.read(parameters).renamed("colr", "colour")
    assert address.query.filter == ("brand=A", "colour != red|blue")
    assert address.query.page == 1
    assert [each.field for _, each in address.filters] == ["brand", "colour"]
