"""Click models: how appealing a product is for a query, with the position's share taken out.

Shoppers click what stands at the top whatever it is, so clicks a showing (CTR) mostly repeat the
ranking that produced them. Each model here estimates an appeal for every (query, product), and all
are given as `lift`: 1 is the average showing's appeal, 2 twice that, so that one set of thresholds
fits every model.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from evaluation.click_table import ClickTable

_PRIOR_SHOWINGS = 2.0
"""Every pair starts with so many showings of average appeal: a pair seen once and clicked once is
no proof of anything."""
_MOST_ROUNDS = 1_000
_CONVERGED = 1e-5

Appeal = NDArray[np.float64]
"""Appeal of each pair of a table, on the model's own scale, `(n_pairs,)`."""


class ClickModel(StrEnum):
    """How clicks are explained."""

    COEC = "coec"
    """Clicks over the clicks expected at the ranks where the product was shown."""
    POSITION_BASED = "position_based"
    """A click needs that the position is looked at and that the product appeals."""
    CASCADE = "cascade"
    """Shoppers read from the top and stop at the product that satisfies them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionBias:
    """What the position-based model found."""

    appeal: Appeal
    examination: NDArray[np.float64]
    """How likely each rank is looked at, relative to the most looked-at one; index 0 is rank 1."""


def estimate_lift(table: ClickTable, model: ClickModel) -> Appeal:
    """Return every pair's appeal, divided by the mean over all showings.

    Args:
        table: the showings and clicks.
        model: how clicks are explained.

    Returns:
        `(n_pairs,)`, 0 or more; all 1 when nothing was ever clicked.
    """
    appeal = _MODELS[model](table)
    mean = float(np.average(appeal, weights=table.shown))
    return appeal / mean if mean > 0 else np.ones_like(appeal)


def clicks_over_expected_clicks(table: ClickTable) -> Appeal:
    """Return clicks divided by what the average product would have had at the same ranks.

    Source: Zhang and Jones, Comparing Click Logs and Editorial Labels for Training Query
    Rewriting, WWW 2007 workshop.
    """
    at_rank = _rate_at_ranks(table)
    expected = np.bincount(table.pair, weights=at_rank[table.rank - 1], minlength=len(table.pairs))
    prior = _PRIOR_SHOWINGS * table.click_rate
    with np.errstate(invalid="ignore"):
        ratio = (table.clicks + prior) / (expected + prior)
    return np.nan_to_num(ratio, nan=1.0)


def position_based_model(table: ClickTable) -> PositionBias:
    """Fit P(click) = examination of the rank × appeal of the pair, by expectation maximisation.

    Source: Craswell, Zoeter, Taylor and Ramsey, An Experimental Comparison of Click Position-Bias
    Models, WSDM 2008; update rules as in Chuklin, Markov and de Rijke, Click Models for Web Search,
    2015, section 4.1.1, with a prior of average appeal on each pair.
    """
    cells = _cells(table)
    examination = _rate_at_ranks(table)
    examination = examination / examination.max() if examination.max() > 0 else examination + 1.0
    appeal = np.full(len(table.pairs), max(table.click_rate, 1e-9))
    for _ in range(_MOST_ROUNDS):
        previous = examination
        appeal, examination = _maximised(cells, appeal, examination)
        if float(np.abs(examination - previous).max()) < _CONVERGED:
            break
    top = examination.max()
    return PositionBias(appeal=appeal * top, examination=examination / top)


def cascade_model(table: ClickTable) -> Appeal:
    """Return attractiveness × satisfaction of the simplified dynamic Bayesian network.

    Everything down to the last click was looked at, nothing below it; the last click satisfied. A
    search without any click was looked at as a whole.

    Source: Chapelle and Zhang, A Dynamic Bayesian Network Click Model for Web Search Ranking,
    WWW 2009, section 5 (the case in which the next product is always looked at until satisfied).
    """
    clicked = table.clicked > 0
    searches = int(table.search.max()) + 1 if len(table.search) else 0
    last = np.zeros(searches, dtype=np.intp)
    np.maximum.at(last, table.search[clicked], table.rank[clicked])
    last_rank = last[table.search]
    examined = (last_rank == 0) | (table.rank <= last_rank)
    satisfied = clicked & (table.rank == last_rank)
    pairs = len(table.pairs)
    looks = np.bincount(table.pair, weights=examined, minlength=pairs)
    ends = np.bincount(table.pair, weights=satisfied, minlength=pairs)
    click_share = table.clicked.sum() / max(1.0, float(examined.sum()))
    end_share = satisfied.sum() / max(1.0, float(table.clicked.sum()))
    attractive = (table.clicks + _PRIOR_SHOWINGS * click_share) / (looks + _PRIOR_SHOWINGS)
    satisfying = (ends + _PRIOR_SHOWINGS * end_share) / (table.clicks + _PRIOR_SHOWINGS)
    return np.asarray(attractive * satisfying, dtype=np.float64)


_MODELS: dict[ClickModel, Callable[[ClickTable], Appeal]] = {
    ClickModel.COEC: clicks_over_expected_clicks,
    ClickModel.POSITION_BASED: lambda table: position_based_model(table).appeal,
    ClickModel.CASCADE: cascade_model,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Showings and clicks by (pair, rank): all that the position-based model depends on."""

    pair: NDArray[np.intp]
    place: NDArray[np.intp]
    shown: NDArray[np.float64]
    clicks: NDArray[np.float64]


def _cells(table: ClickTable) -> _Cells:
    ranks = int(table.rank.max())
    key, inverse = np.unique(table.pair * ranks + table.rank - 1, return_inverse=True)
    return _Cells(
        pair=key // ranks,
        place=key % ranks,
        shown=np.bincount(inverse).astype(np.float64),
        clicks=np.bincount(inverse, weights=table.clicked).astype(np.float64),
    )


def _maximised(
    cells: _Cells, appeal: Appeal, examination: NDArray[np.float64]
) -> tuple[Appeal, NDArray[np.float64]]:
    """Return appeal and examination after one round."""
    a, e = appeal[cells.pair], examination[cells.place]
    unclicked = (cells.shown - cells.clicks) / np.maximum(1.0 - a * e, 1e-12)
    appealed = cells.clicks + unclicked * a * (1.0 - e)
    examined = cells.clicks + unclicked * e * (1.0 - a)
    pairs, places = len(appeal), len(examination)
    shown = np.bincount(cells.pair, weights=cells.shown, minlength=pairs)
    at_place = np.bincount(cells.place, weights=cells.shown, minlength=places)
    mean = float(np.average(appeal, weights=shown))
    new_appeal = (
        np.bincount(cells.pair, weights=appealed, minlength=pairs) + _PRIOR_SHOWINGS * mean
    ) / (shown + _PRIOR_SHOWINGS)
    seen = np.bincount(cells.place, weights=examined, minlength=places)
    new_examination = np.divide(seen, at_place, out=np.ones(places), where=at_place > 0)
    return new_appeal, new_examination


def _rate_at_ranks(table: ClickTable) -> NDArray[np.float64]:
    """Return clicks a showing at each rank, `(deepest rank,)`."""
    ranks = int(table.rank.max())
    shown = np.bincount(table.rank - 1, minlength=ranks)
    clicks = np.bincount(table.rank - 1, weights=table.clicked, minlength=ranks)
    return np.divide(clicks, shown, out=np.zeros(ranks), where=shown > 0)
