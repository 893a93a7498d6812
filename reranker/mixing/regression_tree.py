"""One regression tree, and which feature its answer comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAF = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionTree:
    """A binary tree as parallel columns, one entry a node; node 0 is the root.

    A row goes left where its feature is at most the threshold.
    """

    features: tuple[int, ...]
    """Column of the feature that a node asks for; `LEAF`: it asks nothing."""
    thresholds: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    values: tuple[float, ...]
    """Of a leaf: the answer. Of any other node: the mean answer of the training rows below it."""

    def __post_init__(self) -> None:
        """Refuse columns that are no tree.

        Raises:
            ValueError: columns of different lengths, or a node that leads nowhere or back.
        """
        size = len(self.features)
        columns: Sequence[Sequence[float]] = (self.thresholds, self.left, self.right, self.values)
        if not size or any(len(column) != size for column in columns):
            raise ValueError("the columns of a tree differ in length, or are empty")
        for node, feature in enumerate(self.features):
            if feature == LEAF:
                continue
            if feature < 0 or not all(
                node < to < size for to in (self.left[node], self.right[node])
            ):
                message = f"node {node} of a tree leads nowhere"
                raise ValueError(message)

    def add_contributions(self, matrix: NDArray[np.float64], into: NDArray[np.float64]) -> None:
        """Add to each row what each feature moves the answer by, from the root's mean on.

        On its way down a row's expected answer changes at every node; each change is the doing of
        the feature that was asked there. The changes add up to the answer less the root's mean,
        which is the same for every row and orders nothing.

        Source: Saabas 2014, "Interpreting random forests".

        Args:
            matrix: `(n, n_features)`.
            into: the same shape, changed in place.
        """
        pending = [(0, np.arange(len(matrix)))]
        while pending:
            node, rows = pending.pop()
            feature = self.features[node]
            if feature == LEAF or not len(rows):
                continue
            goes_left = matrix[rows, feature] <= self.thresholds[node]
            for child, some in (
                (self.left[node], rows[goes_left]),
                (self.right[node], rows[~goes_left]),
            ):
                into[some, feature] += self.values[child] - self.values[node]
                pending.append((child, some))
