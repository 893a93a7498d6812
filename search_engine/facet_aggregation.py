"""Facets: requests for counts, and their answers as values."""

import itertools
import re
from typing import Any

from search_core import Facet, FacetValue, FilterError, attribute_key
from search_engine.attribute_terms import SEPARATOR
from search_engine.filter_query import DATE_FIELDS, KEYWORD_FIELDS, NUMBER_FIELDS
from search_engine.value_writings import one_of_each

_MOST_VALUES = 20
# 1-2-5 steps: readable at any price level, the same for every query, and counted in one pass.
_STEPS = tuple(step * 10**power for power in range(-1, 7) for step in (1, 2, 5))
_LUCENE_SPECIAL = re.compile(r'([.?+*|{}\[\]()"\\#@&<>~^$-])')


def facet_aggregation(field: str, *, count_groups: bool) -> dict[str, Any]:
    """Return the aggregation that counts a field's values.

    Args:
        field: a product field or the name of an attribute.
        count_groups: count groups of variants, not products.

    Raises:
        FilterError: a field without countable values.
    """
    aggregation = _counting(field)
    if count_groups:
        aggregation["aggs"] = {
            "groups": {"cardinality": {"field": "variant_group", "precision_threshold": 40_000}}
        }
    return aggregation


def _counting(field: str) -> dict[str, Any]:
    if field in NUMBER_FIELDS:
        edges = (None, *_STEPS, None)
        ranges = [
            {
                **({} if low is None else {"from": low}),
                **({} if high is None else {"to": high}),
                "key": _range_label(low, high),
            }
            for low, high in itertools.pairwise(edges)
        ]
        return {"range": {"field": field, "ranges": ranges}}
    if field in DATE_FIELDS:
        return {"date_histogram": {"field": field, "calendar_interval": "year", "format": "yyyy"}}
    if field in ("id", "codes"):
        raise FilterError(f"{field} differs for every product and cannot be a facet")
    if field in KEYWORD_FIELDS or field == "available":
        return {"terms": {"field": field, "size": _MOST_VALUES}}
    prefix = _LUCENE_SPECIAL.sub(r"\\\1", attribute_key(field)) + SEPARATOR
    return {"terms": {"field": "attribute_values", "include": f"{prefix}.*", "size": _MOST_VALUES}}


def _range_label(low: float | None, high: float | None) -> str:
    if low is None:
        return f"under {high:g}"
    return f"{low:g} and more" if high is None else f"{low:g} to {high:g}"


def facet_of(field: str, answer: dict[str, Any]) -> Facet:
    """Read one aggregation's answer. Empty values are left out; the most frequent come first."""
    counted = [
        (
            str(bucket.get("key_as_string", bucket["key"])).rpartition(SEPARATOR)[2],
            bucket["groups"]["value"] if "groups" in bucket else bucket["doc_count"],
        )
        for bucket in answer["buckets"]
    ]
    values = [FacetValue(value=value, count=count) for value, count in counted if count]
    if field not in NUMBER_FIELDS and field not in DATE_FIELDS:
        values = one_of_each(values)
        values.sort(key=lambda each: (-each.count, each.value))
    return Facet(field=field, values=tuple(values))
