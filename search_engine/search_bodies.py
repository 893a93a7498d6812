"""Values of `search_values` as search bodies."""

from collections.abc import Sequence
from typing import Any

from search_core import Filter
from search_engine.facet_aggregation import facet_aggregation
from search_engine.filter_query import filter_clauses
from search_engine.index_body import DERIVED_FIELDS, VECTOR_FIELD
from search_engine.lexical_query import all_terms_query, some_terms_query
from search_engine.search_values import Leg, LegsQuery, ResultSet, Slice, Sort
from search_engine.vector_storage import stored_vectors

BOOST_NAME = "boost:"
"""Begins the name of a clause that tells whether a product passes a boost; its place follows."""

# Candidates are ids and scores only, read from doc values: fetching stored fields would decompress
# every candidate's document (measured: 3 to 15 times the time of the whole _msearch).
_IDS_ONLY: dict[str, Any] = {
    "_source": False,
    "stored_fields": "_none_",
    # Which version it is, so that a document that is remembered in it need not be fetched.
    "seq_no_primary_term": True,
}
_DOCUMENT: dict[str, Any] = {"_source": {"excludes": [*DERIVED_FIELDS]}}
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
        vector = stored_vectors(query.vector, query.vector_compression)
        # Written as float32, half as many digits as the same numbers have as Python's.
        inner: dict[str, Any] = {"vector": vector, "k": query.candidates}
        if filters:
            # Inside the graph search: filtering its k results afterwards would lose recall.
            inner["filter"] = {"bool": {"filter": filters}}
        clause: dict[str, Any] = {"knn": {VECTOR_FIELD: inner}}
    else:
        text = (
            all_terms_query(match.text, match.all_terms_boosts, match.variants)
            if leg is Leg.ALL_TERMS
            else some_terms_query(match)
        )
        clause = {"bool": {"must": [text], "filter": filters}} if filters else text
    return {
        "size": query.candidates,
        "query": _naming_boosts(clause, query.boosts),
        # Enough to tell whether there are more; the rest are counted, unscored, for the page.
        "track_total_hits": query.candidates + 1 if leg is Leg.ALL_TERMS else False,
        "docvalue_fields": ["id", "variant_group"] if query.groups else ["id"],
        **_IDS_ONLY,
    }


def _naming_boosts(clause: dict[str, Any], boosts: tuple[Filter, ...]) -> dict[str, Any]:
    """Have each match say which boosts it passes. They score nothing here: fusion weighs them."""
    if not boosts:
        return clause
    named = [
        {"constant_score": {"filter": each, "boost": 0.0, "_name": f"{BOOST_NAME}{place}"}}
        for place, each in enumerate(filter_clauses(boosts))
    ]
    return {"bool": {"must": [clause], "should": named}}


def documents_body(ids: Sequence[str]) -> dict[str, Any]:
    """Return the body that fetches the documents of some products, in no particular order."""
    return {
        "size": len(ids),
        "query": documents_query(ids),
        "track_total_hits": False,
        "seq_no_primary_term": True,
        **_DOCUMENT,
    }


def rest_body(result_set: ResultSet, part: Slice) -> dict[str, Any]:
    """Return the body that fetches a slice in OpenSearch's order."""
    body: dict[str, Any] = {
        "from": part.offset,
        "size": part.size,
        "query": rest_query(result_set, part),
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
        "query": members_query(result_set),
        "track_total_hits": True,
        "aggs": aggregations,
    }


def documents_query(ids: Sequence[str]) -> dict[str, Any]:
    """Return the query for the documents of some products."""
    return {"terms": {"id": list(ids)}}


def members_query(result_set: ResultSet) -> dict[str, Any]:
    """Return the query for all products of a result set."""
    return _members(result_set, [])


def rest_query(result_set: ResultSet, part: Slice) -> dict[str, Any]:
    """Return the query for the products of a result set that a slice does not exclude."""
    excluded: list[dict[str, Any]] = []
    if part.excluded_ids:
        excluded.append({"terms": {"id": list(part.excluded_ids)}})
    if part.excluded_groups:
        excluded.append({"terms": {"variant_group": list(part.excluded_groups)}})
    return _members(result_set, excluded)


def _members(result_set: ResultSet, excluded: list[dict[str, Any]]) -> dict[str, Any]:
    should: list[dict[str, Any]] = []
    if result_set.matches:
        match = result_set.match
        should.append(all_terms_query(match.text, match.all_terms_boosts, match.variants))
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
