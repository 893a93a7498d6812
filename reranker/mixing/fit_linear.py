"""Weights of features, learned from pairs of products of which one is better."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reranker.mixing.features import FEATURES
from reranker.mixing.judged_window import JudgedWindow
from reranker.mixing.mixing_model import MixingModel

_SHARPNESS = 10.0
"""Scores lie between 0 and 1: a lead of a tenth is to be right e times as often as wrong."""


def fit_linear(
    windows: Sequence[JudgedWindow], start: MixingModel, *, pull: float, unjudged: float
) -> MixingModel:
    """Move the weights of a start to where better products come first.

    Minimised is the logistic loss of all pairs of a window, each weighted by what swapping the two
    would move nDCG by, plus the squared distance from the start: where few queries are judged, what
    they say has to be strong to move a weight. Features that can only speak for a product keep a
    weight of 0 or more.

    Source: Burges et al. 2005 (RankNet); weights of pairs as Burges 2010 (LambdaRank), at the ranks
    that the start gives.

    Args:
        windows: what is learned from.
        start: weights without trees.
        pull: how much the distance from the start costs; more is more cautious.
        unjudged: weight of products that nobody rated, as grade 0; 0: they teach nothing.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - 1 s that serving need not pay

    anchor = np.array([start.weights.get(name, 0.0) for name in FEATURES])
    parts = [_pairs(window, start, unjudged) for window in windows]
    leads = np.concatenate([lead for lead, _ in parts]) if parts else np.empty((0, len(FEATURES)))
    gains = np.concatenate([gain for _, gain in parts]) if parts else np.empty(0)
    gains = gains / max(len(windows), 1)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = _SHARPNESS * (leads @ weights)
        away = weights - anchor
        value = gains @ np.logaddexp(0.0, -margins) + pull * (away @ away)
        # The logistic function of -margin, written so that large margins do not overflow.
        wrong = np.exp(-np.logaddexp(0.0, margins))
        return float(value), 2 * pull * away - _SHARPNESS * (leads.T @ (gains * wrong))

    bounds = [(0.0, None) if each.rises else (None, None) for each in FEATURES.values()]
    found = minimize(loss, anchor, jac=True, method="L-BFGS-B", bounds=bounds)
    weights = {
        name: float(weight)
        for name, weight in zip(FEATURES, found.x, strict=True)
        if abs(weight) > _NEGLIGIBLE
    }
    return MixingModel(weights=weights, queries=len(windows))


_NEGLIGIBLE = 1e-4
"""A weight below it moves no product that another feature tells apart."""


def _pairs(
    window: JudgedWindow, start: MixingModel, unjudged: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how much better products lead in each feature, and what each pair is worth."""
    grades, weights = window.weighted(unjudged)
    ranks = np.argsort(np.argsort(-start.scores(window.features), kind="stable"), kind="stable")
    discounts = 1.0 / np.log2(ranks + 2.0)
    better, worse = np.nonzero(
        (grades[:, None] > grades[None, :]) & ((weights[:, None] * weights[None, :]) > 0)
    )
    worth = (
        (grades[better] - grades[worse])
        * np.abs(discounts[better] - discounts[worse])
        * weights[better]
        * weights[worse]
        / window.ideal
    )
    return window.features[better] - window.features[worse], worth
