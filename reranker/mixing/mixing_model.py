"""A learned mixing: weights of features, and perhaps trees on top of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from reranker.mixing.features import CROSS_ENCODER, FEATURES, FUSION
from reranker.mixing.regression_tree import RegressionTree


@dataclass(frozen=True, slots=True, kw_only=True)
class MixingModel:
    """Gives each candidate of a window a score, and says what each feature added to it."""

    weights: Mapping[str, float]
    """Feature → weight; features that are missing have none."""
    trees: tuple[RegressionTree, ...] = ()
    """Correct the weighted sum. Their columns are those of `FEATURES`."""
    queries: int = 0
    """How many judged queries it was learned from."""
    cross_encoder: str = ""
    """Name and content of the cross-encoder whose logits it learned from; empty: none, or not
    known."""
    learned_under: Mapping[str, JsonValue] = field(default_factory=dict)
    """Names of settings → what they were in the search that it learned from; empty: not known."""
    encoder: str = ""
    """Name and content of the text encoder of the index that it learned from; empty: none, or not
    known."""
    digest: str = ""
    """Of the file that it was read from; empty: it is in no file."""

    @classmethod
    def usual(cls, weight: float | None) -> "MixingModel":
        """Return what the settings mix without a model: learning starts there.

        Args:
            weight: the cross-encoder's share; `None`: there is no cross-encoder.
        """
        if weight is None:
            return cls(weights={FUSION: 1.0})
        return cls(weights={FUSION: 1.0 - weight, CROSS_ENCODER: weight})

    @property
    def features(self) -> tuple[str, ...]:
        """What the score depends on, in the order of `FEATURES`."""
        asked = {feature for tree in self.trees for feature in tree.features}
        return tuple(
            name
            for column, name in enumerate(FEATURES)
            if self.weights.get(name) or column in asked
        )

    @property
    def reads(self) -> bool:
        """Whether it can only mix what the cross-encoder has read."""
        return CROSS_ENCODER in self.features

    def contributions(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each feature adds to each candidate's score.

        Args:
            matrix: `(n, len(FEATURES))`, a row a candidate.

        Returns:
            The same shape. A row's sum is the candidate's score.
        """
        weights = np.array([self.weights.get(name, 0.0) for name in FEATURES], dtype=np.float64)
        added: NDArray[np.float64] = matrix * weights
        for tree in self.trees:
            tree.add_contributions(matrix, added)
        return added

    def scores(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return each candidate's score, `(n,)`; higher is better, no bounds."""
        totals: NDArray[np.float64] = self.contributions(matrix).sum(axis=1)
        return totals
