"""A rerank window whose products have grades: what mixing is learned from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedWindow:
    """The candidates of one judged query that compete for its first places."""

    features: NDArray[np.float64]
    """`(n, len(FEATURES))`."""
    grades: NDArray[np.float64]
    """`(n,)`; NaN: nobody rated the product."""
    ideal: float
    """DCG@10 of the best order of everything that was judged; above 0."""

    def weighted(self, unjudged: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return grades and weights of the candidates.

        Args:
            unjudged: weight of a product that nobody rated, which then counts as grade 0; 0: such
                products teach nothing.
        """
        unknown = np.isnan(self.grades)
        return np.where(unknown, 0.0, self.grades), np.where(unknown, unjudged, 1.0)
