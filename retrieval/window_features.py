"""The numbers that a learned mixing looks at, for each candidate of a window."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reranker import BLANK_LOGIT
from reranker.mixing import CROSS_ENCODER, FEATURES, FUSION
from retrieval.fused_candidates import FusedCandidate
from retrieval.ranked_result import RankedResult
from retrieval.score_fusion import min_max_normalised
from retrieval.score_mixing import real_logits
from retrieval.word_agreement import word_agreement
from search_core import CategoryShare, LegScore
from search_engine import Leg

Documents = Sequence[Mapping[str, Any]]

_UNKNOWN_PRICE = 0.5


def window_features(
    ranked: RankedResult,
    window: Sequence[FusedCandidate],
    documents: Documents,
    logits: Sequence[float] | None,
) -> NDArray[np.float64]:
    """Return a row of `FEATURES` for each candidate, in the window's order.

    Args:
        ranked: the result, in fusion's order.
        window: its first candidates.
        documents: their stored products; an empty one is gone meanwhile.
        logits: the cross-encoder's; `None`: it has not read them, and its column is 0.

    Returns:
        `(len(window), len(FEATURES))`, each between 0 and 1.
    """
    legs = [
        {each.leg: each for each in ranked.ranking.legs_of(candidate.product_id)}
        for candidate in window
    ]
    fused = min_max_normalised([each.fused_score for each in window])
    columns = {
        FUSION: fused,
        CROSS_ENCODER: _logit_places(logits, len(window)),
        **_leg_columns(legs),
        **_word_columns(ranked.plan.text, documents),
        **_kind_columns(documents, ranked.plan.categories, fused),
        "price_place": _price_places(documents),
    }
    return np.array([columns[name] for name in FEATURES], dtype=np.float64).T


def _logit_places(logits: Sequence[float] | None, size: int) -> list[float]:
    return [0.0] * size if logits is None else min_max_normalised(real_logits(logits, BLANK_LOGIT))


def _leg_columns(legs: Sequence[Mapping[str, LegScore]]) -> dict[str, list[float]]:
    """Return what each leg thinks of the candidates; 0 of those that it did not find."""
    columns = {
        f"{leg.value}_rank": [
            10 / (9 + found[leg.value].rank) if leg.value in found else 0.0 for found in legs
        ]
        for leg in Leg
    }
    scores = [found[Leg.DENSE.value].score for found in legs if Leg.DENSE.value in found]
    places = iter(min_max_normalised(scores))
    columns["dense_score"] = [next(places) if Leg.DENSE.value in found else 0.0 for found in legs]
    return columns


def _word_columns(query: str, documents: Documents) -> dict[str, list[float]]:
    agreements = [word_agreement(query, each) for each in documents]
    return {
        "title_words": [each.title for each in agreements],
        "title_focus": [each.title_focus for each in agreements],
        "attribute_words": [each.attributes for each in agreements],
        "description_words": [each.description for each in agreements],
        "any_words": [each.anywhere for each in agreements],
        "type_words": [each.product_type for each in agreements],
        "brand": [each.brand for each in agreements],
        "title_length": [each.title_length for each in agreements],
    }


def _kind_columns(
    documents: Documents, meant: Sequence[CategoryShare], fused: Sequence[float]
) -> dict[str, list[float]]:
    """Return how well the candidates' kinds agree with the query's, and with each other."""
    types = [each.get("product_type") for each in documents]
    votes: Counter[str | None] = Counter()
    for kind, score in zip(types, fused, strict=True):
        votes[kind] += score  # type: ignore[assignment] # a Counter adds up any numbers
    total = sum(fused) or 1.0
    return {
        "query_kind": [_share_of_kind(each, meant) for each in documents],
        "type_agreement": [votes[kind] / total if kind else 0.0 for kind in types],
        "has_type": [float(bool(kind)) for kind in types],
    }


def _share_of_kind(document: Mapping[str, Any], meant: Sequence[CategoryShare]) -> float:
    """Return how likely the query is about the product's type, or one of its categories."""
    names = {
        "product_type": {document.get("product_type")},
        "category": set(document.get("category") or ()),
    }
    return max((each.share for each in meant if each.name in names[each.field]), default=0.0)


def _price_places(documents: Documents) -> list[float]:
    """Return the share of the known prices that are no higher than each candidate's."""
    prices = [each.get("price") for each in documents]
    known = sorted(price for price in prices if price is not None)
    return [
        _UNKNOWN_PRICE
        if price is None
        else float(np.searchsorted(known, price, side="right")) / len(known)
        for price in prices
    ]
