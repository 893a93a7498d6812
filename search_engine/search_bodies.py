"""Values of `search_values` as search bodies."""

from typing import Any

from search_engine.facet_aggregation import facet_aggregation
from search_engine.filter_query import filter_clauses
from search_engine.index_body import VECTOR_FIELD
from search_engine.lexical_query import all_terms_query, some_terms_query
from search_engine.search_values import Leg, LegsQuery, PageQuery, ResultSet, Slice, Sort

# Candidates are ids and scores only, read from doc values: fetching stored fields would decompress
# every candidate's document (measured: 3 to 15 times the time of the whole _msearch).
_IDS_ONLY: dict[str, Any] = {
    "_source": False,
    "stored_fields": "_none_",
    "docvalue_fields": ["id", "variant_group"],
}
_DOCUMENT: dict[str, Any] = {
    "_source": {
        "excludes": [
            VECTOR_FIELD, "attribute_values", "attribute_numbers", "attributes_text",
            "codes_text", "category_text",
        ]
    }
}  # fmt: skip
_COUNT_EXACTLY_UP_TO = 40_000
"""OpenSearch's limit of `precision_threshold`; more groups are estimated."""


def leg_body(leg: Leg, query: LegsQuery) -> dict[str, Any]:
    """Return the body of one leg.

    Raises:
        ValueError: the dense leg without a vector: the caller's mistake.
    """
    filters = filter_clauses(query.filters)
    match = query.match
    if leg is Leg.DENSE:
        if query.vector is None:
            raise ValueError("the dense leg needs the query's vector")
        inner: dict[str, Any] = {"vector": query.vector.tolist(), "k": query.candidates}
        if filters:
            # Inside the graph search: filtering its k results afterwards would lose recall.
            inner["filter"] = {"bool": {"filter": filters}}
        clause: dict[str, Any] = {"knn": {VECTOR_FIELD: inner}}
    else:
        text = (
            all_terms_query(match.text, match.all_terms_boosts)
            if leg is Leg.ALL_TERMS
            else some_terms_query(match)
        )
        clause = {"bool": {"must": [text], "filter": filters}} if filters else text
    return {
        "size": query.candidates,
        "query": clause,
        "track_total_hits": leg is Leg.ALL_TERMS,
        **_IDS_ONLY,
    }


def documents_body(query: PageQuery) -> dict[str, Any]:
    """Return the body that fetches the documents of `query.ids`, in no particular order."""
    return {
        "size": len(query.ids),
        "query": {"terms": {"id": list(query.ids)}},
        "track_total_hits": False,
        **_DOCUMENT,
    }


def rest_body(result_set: ResultSet, part: Slice) -> dict[str, Any]:
    """Return the body that fetches a slice in OpenSearch's order."""
    excluded: list[dict[str, Any]] = []
    if part.excluded_ids:
        excluded.append({"terms": {"id": list(part.excluded_ids)}})
    if part.excluded_groups:
        excluded.append({"terms": {"variant_group": list(part.excluded_groups)}})
    body: dict[str, Any] = {
        "from": part.offset,
        "size": part.size,
        "query": _members(result_set, excluded),
        "sort": _sort(part.sort),
        "track_scores": True,
        "track_total_hits": False,
        **_DOCUMENT,
    }
    if result_set.collapse:
        body["collapse"] = {"field": "variant_group"}
    return body


def counts_body(result_set: ResultSet, facets: tuple[str, ...]) -> dict[str, Any]:
    """Return the body that counts the result set and the values of the facets in it.

    Raises:
        FilterError: a field that cannot be counted.
    """
    aggregations = {
        f"facet:{field}": facet_aggregation(field, count_groups=result_set.collapse)
        for field in facets
    }
    if result_set.collapse:
        aggregations["groups"] = {
            "cardinality": {
                "field": "variant_group",
                "precision_threshold": _COUNT_EXACTLY_UP_TO,
            }
        }
    return {
        "size": 0,
        "query": _members(result_set, []),
        "track_total_hits": True,
        "aggs": aggregations,
    }


def _members(result_set: ResultSet, excluded: list[dict[str, Any]]) -> dict[str, Any]:
    should: list[dict[str, Any]] = []
    if result_set.matches:
        match = result_set.match
        should.append(all_terms_query(match.text, match.all_terms_boosts))
    if result_set.candidate_ids or not result_set.matches:
        should.append({"terms": {"id": list(result_set.candidate_ids), "boost": 0}})
    members = {"should": should, "minimum_should_match": 1}
    filters = filter_clauses(result_set.filters)
    return {"bool": {**members, "filter": filters, "must_not": excluded}}


def _sort(sort: Sort | None) -> list[dict[str, Any]]:
    by_id = {"id": {"order": "asc"}}
    if sort is None:
        return [{"_score": {"order": "desc"}}, by_id]
    direction = "desc" if sort.descending else "asc"
    return [{sort.field.value: {"order": direction, "missing": "_last"}}, by_id]
