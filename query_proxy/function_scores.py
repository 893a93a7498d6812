"""A client's `function_score` on fused candidates: OpenSearch computes it, the proxy multiplies."""

from collections.abc import Mapping
from dataclasses import replace
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


def with_function_values(ranked: RankedResult, values: Mapping[str, float]) -> RankedResult:
    """Multiply the fused scores by the functions' values, and order anew.

    Args:
        ranked: the candidates.
        values: product id → value; a product without one is gone meanwhile, and stays as it is.
    """
    scored = [
        replace(each, fused_score=each.fused_score * values.get(each.product_id, 1.0))
        for each in ranked.candidates
    ]
    scored.sort(key=lambda each: (not each.exact_code, -each.fused_score, each.product_id))
    return replace(ranked, candidates=tuple(scored))
