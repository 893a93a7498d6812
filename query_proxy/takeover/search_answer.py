"""The answer to a taken-over search, in the shape that OpenSearch gives it."""

from collections.abc import Mapping
from typing import Any

from query_proxy.error_responses import told_failure
from query_proxy.takeover.client_search import ClientSearch
from query_proxy.takeover.page_bodies import COUNTS, REST
from query_proxy.takeover.scored_result import ScoredResult
from retrieval import RankedResult

Body = dict[str, Any]


def search_answer(
    search: ClientSearch,
    scored: ScoredResult,
    found: Mapping[str, Body],
    answers: Mapping[str, Body],
    took_ms: float,
    *,
    total_as_number: bool,
) -> Body:
    """Put the answers to `page_bodies` together.

    Args:
        search: of the client.
        scored: whose candidates are shown.
        found: their hits, by product id; those that are gone since the legs found them are missing.
        answers: by the names of the bodies; none of them an error. Empty: all was known.
        took_ms: of the whole search.
        total_as_number: as `rest_total_hits_as_int` asks.
    """
    ranked, hits = scored.ranked, dict[str, Any]()
    total = _total(search, ranked, answers.get(COUNTS))
    if total is not None:
        hits["total"] = total["value"] if total_as_number else total
    hits["max_score"] = scored.scores[0] if scored.scores else None
    hits["hits"] = [*_documents(search, scored, found), *_rest(scored, answers)]
    answer: Body = {"took": round(took_ms), **_coverage(ranked, answers), "hits": hits}
    for key in ("aggregations", "suggest"):
        if key in answers.get(COUNTS, {}):
            answer[key] = answers[COUNTS][key]
    if search.overrides.explain:
        answer["ext"] = {"shopkeeper": _account(ranked, took_ms)}
    return answer


def _coverage(ranked: RankedResult, answers: Mapping[str, Body]) -> Body:
    """Say how much of the index answered what was asked last: the page, else the legs."""
    first = next(iter(answers.values()), None)
    if first is not None:
        timed_out = any(each["timed_out"] for each in answers.values())
        return {"timed_out": timed_out, "_shards": first["_shards"]}
    coverage = ranked.coverage
    assert coverage is not None  # noqa: S101 - without it, pages are asked for
    return {"timed_out": coverage.timed_out, "_shards": coverage.shards}


def _documents(search: ClientSearch, scored: ScoredResult, found: Mapping[str, Body]) -> list[Body]:
    ranked = scored.ranked
    hits = []
    shown = ranked.page_ids(search.offset, search.size)
    for position, product_id in enumerate(shown, start=search.offset):
        hit = found.get(product_id)
        if hit is None:
            continue  # deleted since the legs found it
        hit["_score"] = scored.scores[position]
        if search.overrides.explain:
            hit.setdefault("fields", {})["shopkeeper"] = [_reasons(ranked, position)]
        hits.append(hit)
    return hits


def _rest(scored: ScoredResult, answers: Mapping[str, Body]) -> list[Body]:
    """Return the hits beyond the candidates, their scores squeezed below the last candidate's."""
    lowest = scored.scores[-1] if scored.scores else 1.0
    hits = answers[REST]["hits"]["hits"] if REST in answers else []
    for hit in hits:
        score = hit["_score"] or 0.0
        hit["_score"] = lowest * score / (1.0 + score)
        hit.pop("sort", None)
    return hits


def _total(search: ClientSearch, ranked: RankedResult, counts: Body | None) -> Body | None:
    tracked = search.track_total_hits
    if tracked is False:
        return None
    if ranked.more and counts is not None:
        return dict(counts["hits"]["total"])
    count = len(ranked.result_set.candidate_ids)
    if tracked is not True and count > tracked:
        return {"value": tracked, "relation": "gte"}
    return {"value": count, "relation": "eq"}


def _account(ranked: RankedResult, took_ms: float) -> Body:
    plan, times = ranked.plan, ranked.timings
    return {
        "generation": ranked.generation,
        "degraded": [told_failure(each) for each in ranked.degraded],
        "text": plan.text,
        "plan": [{"rewriter": each.rewriter, "message": each.message} for each in plan.log],
        "candidates": len(ranked.candidates),
        "timings_ms": {
            "encode": times.encode_ms,
            "legs": times.legs_ms,
            "fusion": times.fusion_ms,
            "rerank": times.rerank_ms,
            "total": took_ms,
        },
    }


def _reasons(ranked: RankedResult, position: int) -> Body:
    candidate = ranked.candidates[position]
    given = {each.leg: each for each in ranked.ranking.contributions_of(candidate.product_id)}
    legs = [
        {
            "leg": each.leg,
            "rank": each.rank,
            "score": each.score,
            "contribution": given[each.leg].value,
        }
        for each in ranked.ranking.legs_of(candidate.product_id)
    ]
    reasons: Body = {
        "rank": position + 1,
        "fused_score": candidate.fused_score,
        "legs": legs,
        "explanation": list(ranked.explanation(position)),
    }
    mixed = ranked.mixed.get(candidate.product_id)
    if mixed is not None:
        reasons["mixed"] = {
            "value": mixed.value,
            "rerank_score": mixed.rerank_score,
            "cross_encoder": mixed.cross_encoder or None,
            "parts": {each.leg: each.value for each in mixed.parts},
        }
    return reasons
