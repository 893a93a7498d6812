"""A click log as columns: what the click models count."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.click_log import LoggedSearch

DEEPEST_RANK = 100
"""Products shown deeper are counted at this rank: too few shoppers look there to tell apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickTable:
    """Every showing of a product as one row, ordered by search and rank."""

    pairs: tuple[tuple[str, str], ...]
    """(query, product id), ascending."""
    sessions: NDArray[np.intp]
    """Distinct sessions that were shown each pair, `(n_pairs,)`."""
    pair: NDArray[np.intp]
    """Index into `pairs`, `(n_showings,)`."""
    rank: NDArray[np.intp]
    """From 1, `(n_showings,)`."""
    clicked: NDArray[np.float64]
    """1 where the product was chosen, else 0, `(n_showings,)`."""
    search: NDArray[np.intp]
    """Number of the search, ascending, `(n_showings,)`."""

    @property
    def shown(self) -> NDArray[np.float64]:
        """How often each pair was shown, `(n_pairs,)`."""
        return np.bincount(self.pair, minlength=len(self.pairs)).astype(np.float64)

    @property
    def clicks(self) -> NDArray[np.float64]:
        """How often each pair was chosen, `(n_pairs,)`."""
        counts = np.bincount(self.pair, weights=self.clicked, minlength=len(self.pairs))
        return counts.astype(np.float64)

    @property
    def click_rate(self) -> float:
        """Clicks a showing, over everything."""
        return float(self.clicked.mean()) if len(self.clicked) else 0.0

    @property
    def share_seen_at_several_ranks(self) -> float:
        """Share of the pairs shown at two ranks or more.

        Only these tell a product's appeal from its position's; where there are few, every model
        rests on what other products did at the same rank.
        """
        cells = np.unique(np.stack([self.pair, self.rank]), axis=1)
        ranks = np.bincount(cells[0], minlength=len(self.pairs))
        return float((ranks > 1).mean()) if len(self.pairs) else 0.0


def click_table(searches: Sequence[LoggedSearch]) -> ClickTable:
    """Turn searches into columns."""
    pairs = sorted({(each.query, shown.product_id) for each in searches for shown in each.shown})
    number = {pair: index for index, pair in enumerate(pairs)}
    rows = [
        (number[each.query, shown.product_id], min(shown.rank, DEEPEST_RANK), shown.clicked, index)
        for index, each in enumerate(searches)
        for shown in each.shown
    ]
    columns = np.array(rows, dtype=np.intp).reshape(len(rows), 4)
    seen = {
        (number[each.query, shown.product_id], each.session)
        for each in searches
        for shown in each.shown
    }
    sessions = np.bincount(
        np.array([pair for pair, _ in seen], dtype=np.intp), minlength=len(pairs)
    )
    return ClickTable(
        pairs=tuple(pairs),
        sessions=sessions,
        pair=columns[:, 0],
        rank=columns[:, 1],
        clicked=columns[:, 2].astype(np.float64),
        search=columns[:, 3],
    )
