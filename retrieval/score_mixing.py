"""The order of the rerank window: fusion, cross-encoder and business signals as one score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.score_fusion import min_max_normalised
from search_core import Contribution, MixedScore
from search_core.settings import RerankerSettings

FUSION = "fusion"
CROSS_ENCODER = "cross_encoder"
POPULARITY = "popularity"
AVAILABLE = "available"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCandidate:
    """A fused candidate with what the cross-encoder gave it."""

    fused_score: float
    rerank_score: float
    document: Mapping[str, Any]
    """The stored product; empty: it is gone meanwhile."""


def mixed_scores(
    candidates: Sequence[WindowCandidate], settings: RerankerSettings, lowest: float
) -> list[MixedScore]:
    """Return the mixed score of each candidate of a window.

    Fused scores and logits are brought to 0..1 within the window, since neither has a scale of its
    own: what a logit of 3 means depends on the query. Measured against ranks, reciprocal ranks,
    z-scores and the logistic function of the logit: see docs/reranker.md.

    Args:
        candidates: in fusion's order.
        settings: weights.
        lowest: a rerank score that stands for "not scored": it counts as the lowest real one, and
            does not stretch the scale of the others.
    """
    real = [each.rerank_score for each in candidates if each.rerank_score > lowest]
    floor = min(real, default=lowest)
    columns = {
        FUSION: (1.0 - settings.weight, [each.fused_score for each in candidates]),
        CROSS_ENCODER: (
            settings.weight,
            [max(each.rerank_score, floor) for each in candidates],
        ),
    }
    parts = {
        name: (weight, min_max_normalised(values)) for name, (weight, values) in columns.items()
    } | _business(candidates, settings)
    scores = []
    for place, candidate in enumerate(candidates):
        contributions = tuple(
            Contribution(leg=name, weight=weight, value=weight * values[place])
            for name, (weight, values) in parts.items()
            if weight > 0
        )
        scores.append(
            MixedScore(
                value=sum(each.value for each in contributions),
                rerank_score=candidate.rerank_score,
                fused_rank=place + 1,
                parts=contributions,
            )
        )
    return scores


def _business(
    candidates: Sequence[WindowCandidate], settings: RerankerSettings
) -> dict[str, tuple[float, list[float]]]:
    """Return the weights and values of the signals besides relevance, each from 0 to 1."""
    popularity = [float(each.document.get("popularity") or 0.0) for each in candidates]
    highest = max(popularity, default=0.0)
    return {
        POPULARITY: (
            settings.business.popularity_weight,
            [value / highest if highest > 0 else 0.0 for value in popularity],
        ),
        AVAILABLE: (
            settings.business.available_weight,
            [1.0 if each.document.get("available") is True else 0.0 for each in candidates],
        ),
    }
