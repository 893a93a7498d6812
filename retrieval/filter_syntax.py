"""Filters and sorts as people type them: `brand=HP`, `price<500`, `colour!=red|blue`."""

import re
from datetime import UTC, date, datetime
from typing import Any

from search_core import Filter, FilterError, RangeFilter, TermFilter, attribute_key
from search_engine import DATE_FIELDS, KEYWORD_FIELDS, NUMBER_FIELDS, Sort, SortField

_FILTER = re.compile(
    r"^\s*(?P<field>[^=<>!]+?)\s*(?P<operator>!=|>=|<=|=|<|>)\s*(?P<value>.+?)\s*$"
)
_PRODUCT_FIELDS = KEYWORD_FIELDS | NUMBER_FIELDS | DATE_FIELDS | {"available"}
_BOUND = {">": "greater_than", ">=": "at_least", "<": "less_than", "<=": "at_most"}
_SORTS = {
    "newest": Sort(field=SortField.RELEASED, descending=True),
    "cheapest": Sort(field=SortField.PRICE, descending=False),
}


def parse_filter(text: str) -> Filter:
    """Read one filter.

    `=` and `!=` take values joined by `|`; `<`, `<=`, `>`, `>=` take a number, or for `released` an
    ISO date. Case does not tell fields apart: `Price<500` is a range over the price.

    Raises:
        FilterError: anything else.
    """
    found = _FILTER.match(text)
    if found is None:
        raise FilterError(
            f"{text!r} is no filter", remedy="write brand=HP, colour=red|blue, price<500"
        )
    field, operator, value = _field(found["field"]), found["operator"], found["value"]
    if operator not in _BOUND:
        values = tuple(part.strip() for part in value.split("|") if part.strip())
        return TermFilter(field=field, values=values, negated=operator == "!=")
    bound: dict[str, Any] = {_BOUND[operator]: _number(field, value)}
    return RangeFilter(field=field, **bound)


def parse_sort(text: str) -> Sort | None:
    """Read a sort: `relevance`, `newest`, `cheapest`, or a field with `:asc` or `:desc`.

    Returns:
        `None` for relevance.

    Raises:
        FilterError: anything else.
    """
    if text == "relevance":
        return None
    if text in _SORTS:
        return _SORTS[text]
    field, _, direction = text.partition(":")
    if field not in set(SortField) or direction not in ("", "asc", "desc"):
        raise FilterError(
            f"{text!r} is no sort",
            remedy=f"use relevance, newest, cheapest, or one of {', '.join(SortField)} "
            "with :asc or :desc",
        )
    return Sort(field=SortField(field), descending=direction != "asc")


def _field(name: str) -> str:
    # Attributes keep the writing that the caller chose: `attribute_key` is applied to them later.
    key = attribute_key(name)
    return key if key in _PRODUCT_FIELDS else name


def _number(field: str, value: str) -> float:
    try:
        if field in DATE_FIELDS:
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
        return float(value.replace(",", "."))
    except ValueError as error:
        wanted = "a date such as 2024-05-31" if field in DATE_FIELDS else "a number"
        raise FilterError(f"{field}: {value!r} is not {wanted}") from error
