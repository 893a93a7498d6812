"""The order of the rerank window: fusion, cross-encoder and business signals as one score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reranker.mixing import CROSS_ENCODER, FEATURES, FUSION, MixingModel
from retrieval.business_signals import business_parts
from retrieval.score_fusion import min_max_normalised
from search_core import Contribution, MixedScore
from search_core.settings import RerankerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCandidate:
    """A fused candidate with what the cross-encoder gave it."""

    fused_score: float
    rerank_score: float | None
    """`None`, for the whole window: there are no scores."""
    document: Mapping[str, Any]
    """The stored product; empty: it is gone meanwhile."""


def mixed_scores(
    candidates: Sequence[WindowCandidate],
    settings: RerankerSettings,
    lowest: float,
    learned: "LearnedMixing | None" = None,
    cross_encoder: str = "",
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
        learned: mixes instead of the weights; business signals are added to either.
        cross_encoder: name and content of the model that gave the logits.
    """
    relevance = _usual(candidates, settings, lowest) if learned is None else learned.parts()
    business = business_parts([each.document for each in candidates], settings.business)
    return [
        MixedScore(
            value=sum(each.value for each in (*parts, *signals)),
            rerank_score=candidate.rerank_score,
            fused_rank=rank,
            parts=(*parts, *signals),
            learned=learned is not None,
            cross_encoder=cross_encoder,
        )
        for rank, (candidate, parts, signals) in enumerate(
            zip(candidates, relevance, business, strict=True), start=1
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedMixing:
    """A learned model, and what it looks at in one window."""

    model: MixingModel
    features: NDArray[np.float64]
    """`(n, len(FEATURES))`."""

    def parts(self) -> list[tuple[Contribution, ...]]:
        """Return what each feature adds to each candidate's score."""
        asked = set(self.model.features)
        return [
            tuple(
                Contribution(leg=name, weight=self.model.weights.get(name, 0.0), value=float(value))
                for name, value in zip(FEATURES, row, strict=True)
                if name in asked
            )
            for row in self.model.contributions(self.features)
        ]


def real_logits(scores: Sequence[float], lowest: float) -> list[float]:
    """Return rerank scores with the lowest real one for what was not scored."""
    floor = min((each for each in scores if each > lowest), default=lowest)
    return [max(each, floor) for each in scores]


def _usual(
    candidates: Sequence[WindowCandidate], settings: RerankerSettings, lowest: float
) -> list[tuple[Contribution, ...]]:
    """Return what fusion and cross-encoder add; without scores, fusion alone."""
    logits = [each.rerank_score for each in candidates if each.rerank_score is not None]
    columns = {FUSION: (1.0, [each.fused_score for each in candidates])}
    if logits:
        columns = {
            FUSION: (1.0 - settings.weight, columns[FUSION][1]),
            CROSS_ENCODER: (settings.weight, real_logits(logits, lowest)),
        }
    parts = {
        name: (weight, min_max_normalised(values)) for name, (weight, values) in columns.items()
    }
    return [
        tuple(
            Contribution(leg=name, weight=weight, value=weight * values[place])
            for name, (weight, values) in parts.items()
            if weight > 0
        )
        for place in range(len(candidates))
    ]
