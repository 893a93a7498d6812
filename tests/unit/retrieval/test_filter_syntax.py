import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import parse_filter, parse_sort
from search_core import FilterError, RangeFilter, TermFilter
from search_engine import Sort, SortField


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("brand=HP", TermFilter(field="brand", values=("HP",))),
        (" brand = HP Inc ", TermFilter(field="brand", values=("HP Inc",))),
        ("colour=red|blue", TermFilter(field="colour", values=("red", "blue"))),
        ("colour!=red", TermFilter(field="colour", values=("red",), negated=True)),
        ("材质=纯棉", TermFilter(field="材质", values=("纯棉",))),
        ("title=a=b", TermFilter(field="title", values=("a=b",))),
        ("price<500", RangeFilter(field="price", less_than=500.0)),
        ("Price<500", RangeFilter(field="price", less_than=500.0)),
        ("Product Type=shoe", TermFilter(field="product_type", values=("shoe",))),
        ("Display Size=15", TermFilter(field="Display Size", values=("15",))),
        ("price<=9,99", RangeFilter(field="price", at_most=9.99)),
        ("weight>2", RangeFilter(field="weight", greater_than=2.0)),
        ("rating>=4.5", RangeFilter(field="rating", at_least=4.5)),
        ("released>=1970-01-02", RangeFilter(field="released", at_least=86400.0)),
    ],
)
def test_filters_are_read(text, expected):
    assert parse_filter(text) == expected


@pytest.mark.parametrize("text", ["", "brand", "=HP", "brand=", "price<cheap", "released>soon"])
def test_what_is_no_filter_is_refused(text):
    with pytest.raises(FilterError):
        parse_filter(text)


@given(st.text(max_size=30))
def test_any_text_is_a_filter_or_refused(text):
    with contextlib.suppress(FilterError):
        assert parse_filter(text).field


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relevance", None),
        ("newest", Sort(field=SortField.RELEASED, descending=True)),
        ("cheapest", Sort(field=SortField.PRICE, descending=False)),
        ("price:asc", Sort(field=SortField.PRICE, descending=False)),
        ("rating", Sort(field=SortField.RATING, descending=True)),
    ],
)
def test_sorts_are_read(text, expected):
    assert parse_sort(text) == expected


@pytest.mark.parametrize("text", ["title", "price:up", ""])
def test_what_is_no_sort_is_refused(text):
    with pytest.raises(FilterError, match="is no sort"):
        parse_sort(text)
