"""A client's `function_score` on fused candidates: OpenSearch computes what it multiplies by."""

from collections.abc import Mapping
from typing import Any

from retrieval import RankedResult
from search_engine import documents_query

Body = dict[str, Any]


def function_values_body(ranked: RankedResult, functions: Mapping[str, Any]) -> Body:
    """Return the search that computes the functions for every candidate."""
    ids = [each.product_id for each in ranked.candidates]
    return {
        "size": len(ids),
        "query": with_functions(documents_query(ids), functions, boost_mode="replace"),
        "_source": False,
        "track_total_hits": False,
    }


def with_functions(query: Body, functions: Mapping[str, Any], boost_mode: str = "multiply") -> Body:
    """Return a query whose score is changed by the functions."""
    return {"function_score": {**functions, "query": query, "boost_mode": boost_mode}}
