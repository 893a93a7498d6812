"""Filters of a query plan as OpenSearch clauses."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from search_core import Filter, FilterError, RangeFilter, TermFilter, TextFilter
from search_engine.attribute_terms import number_term, value_term
from search_engine.index_body import LISTED_CODES_FIELD
from search_engine.search_values import NativeFilter

KEYWORD_FIELDS = frozenset(
    {"id", "brand", "category", "product_type", "currency", "language", "variant_group", "codes"}
)
"""Product fields that are filtered and counted by whole value."""

NUMBER_FIELDS = frozenset({"price", "rating", "popularity"})
"""Product fields that are filtered by range."""

DATE_FIELDS = frozenset({"released"})
"""Ranged in seconds since 1970."""

_MENTIONING = ("title", "product_type.text", "attributes_text", LISTED_CODES_FIELD)
"""Where a `TextFilter` looks."""

_TRUE = frozenset({"true", "yes", "1", "on"})
_FALSE = frozenset({"false", "no", "0", "off"})


def filter_clauses(filters: Sequence[Filter | NativeFilter]) -> list[dict[str, Any]]:
    """Return one clause a filter, to be put into `bool.filter` or a k-NN query's filter.

    Raises:
        FilterError: a value that its field cannot have.
    """
    return [_clause(each) for each in filters]


def _clause(each: Filter | NativeFilter) -> dict[str, Any]:
    if isinstance(each, NativeFilter):
        return dict(orjson.loads(each.clause))
    if isinstance(each, TermFilter):
        return _term_clause(each)
    if isinstance(each, TextFilter):
        return _text_clause(each)
    return _range_clause(each)


def _text_clause(text: TextFilter) -> dict[str, Any]:
    clause = _any_of(
        [
            {"multi_match": {"query": phrase, "type": "phrase", "fields": list(_MENTIONING)}}
            for phrase in text.phrases
        ]
    )
    return _negated(clause) if text.negated else clause


def _negated(clause: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"must_not": [clause]}}


def _term_clause(term: TermFilter) -> dict[str, Any]:
    if term.exact:
        clause = _exactly(term)
    else:
        options = [_one_value(term.field, value) for value in term.values]
        clause = options[0] if len(options) == 1 else _any_of(options)
    return _negated(clause) if term.negated else clause


def _exactly(term: TermFilter) -> dict[str, Any]:
    if term.field in KEYWORD_FIELDS:
        return {"terms": {term.field: list(term.values)}}
    return {"terms": {"attribute_values": [value_term(term.field, each) for each in term.values]}}


def _any_of(clauses: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def _one_value(field: str, value: str) -> dict[str, Any]:
    if field == "available":
        return {"term": {"available": _truth(value)}}
    if field == "codes":
        return {"term": {"codes": value}}
    if field in KEYWORD_FIELDS:
        return {"term": {field: {"value": value, "case_insensitive": True}}}
    if field in NUMBER_FIELDS:
        return {"term": {field: _number(field, value)}}
    text = {
        "term": {"attribute_values": {"value": value_term(field, value), "case_insensitive": True}}
    }
    try:
        number = float(value)
    except ValueError:
        return text
    if math.isnan(number):
        return text
    return _any_of([text, {"term": {"attribute_numbers": number_term(field, number)}}])


def _truth(value: str) -> bool:
    folded = value.casefold()
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise FilterError(f"available is true or false, not {value!r}")


def _number(field: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise FilterError(f"{field} is a number, not {value!r}") from error


def _range_clause(bounds: RangeFilter) -> dict[str, Any]:
    if bounds.also:
        return _any_of([_range_clause(each) for each in (replace(bounds, also=()), *bounds.also)])
    given = {
        "gt": bounds.greater_than,
        "gte": bounds.at_least,
        "lt": bounds.less_than,
        "lte": bounds.at_most,
    }
    limits = {operator: bound for operator, bound in given.items() if bound is not None}
    if bounds.field in NUMBER_FIELDS:
        return {"range": {bounds.field: limits}}
    if bounds.field in DATE_FIELDS:
        return {"range": {bounds.field: {**limits, "format": "epoch_second"}}}
    if bounds.field in KEYWORD_FIELDS or bounds.field == "available":
        raise FilterError(
            f"{bounds.field} is not a number and has no range", remedy=f"use {bounds.field}=value"
        )
    return {"range": {"attribute_numbers": _attribute_limits(bounds.field, limits)}}


def _attribute_limits(field: str, limits: dict[str, float]) -> dict[str, str]:
    terms = {operator: number_term(field, bound) for operator, bound in limits.items()}
    # An open end still has to stay within this attribute's terms.
    if "gt" not in terms and "gte" not in terms:
        terms["gte"] = number_term(field, -math.inf)
    if "lt" not in terms and "lte" not in terms:
        terms["lte"] = number_term(field, math.inf)
    return terms
