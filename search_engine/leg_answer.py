"""Reads the legs' answers: candidates as columns, and how much of the index was reached."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from search_core import order_by_score_then_id
from search_engine.leg_candidates import LegCandidates
from search_engine.lexical_query import EXACT_CODE
from search_engine.search_bodies import BOOST_NAME
from search_engine.search_values import Coverage, Leg, LegResult, LegsQuery
from search_engine.vector_storage import cosines_of_scores

Answer = dict[str, Any]
Hit = dict[str, Any]


def leg_result(
    leg: Leg, answer: Answer, by_id: Mapping[str, Hit], failure: str, query: LegsQuery
) -> LegResult:
    """Return what a leg found.

    Args:
        leg: that was asked.
        answer: its part of the `_msearch`'s.
        by_id: its hits, as `hits_by_id` gives them.
        failure: why there is nothing in it; empty: it answered.
        query: what was asked.
    """
    if failure:
        return LegResult(leg=leg, candidates=(), total=None, took_ms=0.0, failure=failure)
    return LegResult(
        leg=leg,
        candidates=_candidates(by_id, leg, query),
        total=answer["hits"]["total"]["value"] if leg is Leg.ALL_TERMS else None,
        took_ms=float(answer["took"]),
    )


def _candidates(by_id: Mapping[str, Hit], leg: Leg, query: LegsQuery) -> LegCandidates:
    # Some hundred for every query, so each column is read in one go.
    ids = [*by_id]
    scores: list[float] = [hit["_score"] for hit in by_id.values()]
    if leg is Leg.DENSE and query.vector is not None:
        scores = cosines_of_scores(scores, query.vector_compression, len(query.vector))
    groups = {
        product_id: hit["fields"]["variant_group"][0]
        for product_id, hit in (by_id.items() if query.groups else ())
        if "variant_group" in hit["fields"]
    }
    named = {
        product_id: tuple(hit["matched_queries"])
        for product_id, hit in by_id.items()
        if "matched_queries" in hit
    }
    asked = len(query.boosts)
    order_by_score_then_id(ids, scores)
    return LegCandidates(
        ids,
        scores,
        groups=groups,
        exact_codes=frozenset(each for each, names in named.items() if EXACT_CODE in names),
        boosts={
            each: passed
            for each, names in named.items()
            if (passed := _passed_boosts(names, asked))
        },
    )


@lru_cache(maxsize=1_024)
def _passed_boosts(named: tuple[str, ...], asked: int) -> tuple[int, ...]:
    """Return the places of the boosts whose filter a hit passes. Most hits pass the same few.

    Args:
        named: clauses that the hit matches; a client's filter may have named some.
        asked: boosts of the query.
    """
    places = (name.removeprefix(BOOST_NAME) for name in named if name.startswith(BOOST_NAME))
    numbers = {int(place) for place in places if place.isdecimal()}
    return tuple(sorted(place for place in numbers if place < asked))


def coverage_of(answers: Sequence[Answer]) -> Coverage | None:
    """Return what the leg that reached the fewest shards says of it."""
    told = [each for each in answers if "_shards" in each]
    if not told:
        return None
    least = min(told, key=lambda each: int(each["_shards"]["successful"]))
    return Coverage(
        shards=least["_shards"], timed_out=any(bool(each["timed_out"]) for each in told)
    )


def hits_by_id(answer: Answer) -> dict[str, Hit]:
    """Return a leg's hits by product id, in their order; none of one that failed."""
    if "error" in answer:
        return {}
    hits: list[Hit] = answer["hits"]["hits"]
    return dict(zip([hit["fields"]["id"][0] for hit in hits], hits, strict=True))
