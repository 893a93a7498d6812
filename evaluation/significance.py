"""How sure a difference between two systems is, from its values on the same queries."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH = 1_000
"""Resamples drawn at once: bounds the memory, not the result."""
_FEWEST = 2
"""One query says nothing about others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where the mean difference lies, with a stated confidence."""

    low: float
    high: float


def bootstrap_interval(
    differences: Sequence[float], *, confidence: float, resamples: int, seed: int
) -> Interval:
    """Return the two-sided bootstrap interval of the mean.

    Bias-corrected and accelerated; by percentiles where that is undefined.

    Args:
        differences: one a query.
        confidence: 0 to 1.
        resamples: how many samples are drawn.
        seed: equal seeds give equal intervals.

    Returns:
        Infinite bounds for fewer than two queries.

    Source: Efron 1987, by `scipy.stats.bootstrap`.
    """
    return _bootstrap(differences, "two-sided", confidence, resamples, seed)


def lower_bound(
    differences: Sequence[float], *, confidence: float, resamples: int, seed: int
) -> float:
    """Return what the mean difference exceeds with the confidence: the one-sided bootstrap bound.

    The arguments are those of `bootstrap_interval`.
    """
    return _bootstrap(differences, "greater", confidence, resamples, seed).low


def randomisation_p_value(differences: Sequence[float], *, resamples: int, seed: int) -> float:
    """Return how often chance alone gives a mean difference that is at least as large.

    Two-sided, paired: under the null hypothesis each query's difference could as well have the
    other sign. All sign changes are tried when there are no more of them than `resamples`.

    Returns:
        1 for fewer than two queries.

    Source: Smucker, Allan and Carterette 2007, by `scipy.stats.permutation_test`.
    """
    from scipy.stats import permutation_test  # noqa: PLC0415 - 1 s that readers of files need not pay

    if len(differences) < _FEWEST:
        return 1.0
    result = permutation_test(
        (np.asarray(differences, dtype=np.float64),),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        batch=_BATCH,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)


def holm_adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Correct p-values for there being several of them.

    Returns:
        In the order given; each may be compared with the level as if it were the only one.

    Source: Holm 1979.
    """
    ascending = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [1.0] * len(p_values)
    largest = 0.0
    for position, place in enumerate(ascending):
        largest = max(largest, min(1.0, (len(p_values) - position) * p_values[place]))
        adjusted[place] = largest
    return tuple(adjusted)


def _bootstrap(
    differences: Sequence[float], alternative: str, confidence: float, resamples: int, seed: int
) -> Interval:
    values = np.asarray(differences, dtype=np.float64)
    if len(values) < _FEWEST:
        return Interval(low=-math.inf, high=math.inf)
    if np.ptp(values) == 0.0:
        mean = float(values[0])
        high = math.inf if alternative == "greater" else mean
        return Interval(low=mean, high=high)
    for method in ("BCa", "percentile"):
        interval = _scipy_interval(values, method, alternative, confidence, resamples, seed)
        if not math.isnan(interval.low) and not math.isnan(interval.high):
            break
    return interval


def _scipy_interval(
    values: "NDArray[np.float64]",
    method: str,
    alternative: str,
    confidence: float,
    resamples: int,
    seed: int,
) -> Interval:
    from scipy.stats import DegenerateDataWarning, bootstrap  # noqa: PLC0415 - as above

    with warnings.catch_warnings():
        # An undefined interval is noticed by its value.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        result = bootstrap(
            (values,),
            np.mean,
            vectorized=True,
            method=method,
            alternative=alternative,
            confidence_level=confidence,
            n_resamples=resamples,
            batch=_BATCH,
            rng=np.random.default_rng(seed),
        )
    interval = result.confidence_interval
    return Interval(low=float(interval.low), high=float(interval.high))
