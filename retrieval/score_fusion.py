"""Fusion by scores: each leg's scores are brought to one scale, weighted and added.

A product that a leg did not propose gets nothing from it.
"""

import statistics
from collections.abc import Sequence

_SPREAD = 3.0
"""Standard deviations on each side that the distribution-based scale covers."""


def min_max_normalised(scores: Sequence[float]) -> list[float]:
    """Return `(score - min) / (max - min)`; equal scores are all 1.

    Source: Lee, Analyses of Multiple Evidence Combination, SIGIR 1997.
    """
    if not scores:
        return []
    low, high = min(scores), max(scores)
    if high == low:
        return [1.0] * len(scores)
    return [(score - low) / (high - low) for score in scores]


def z_score_normalised(scores: Sequence[float]) -> list[float]:
    """Return `(score - mean) / standard deviation`, shifted so that the lowest is 0.

    The shift keeps a product that a leg proposed last from being worse off than one that the leg
    did not propose. Equal scores are all 1.

    Source: Montague and Aslam, Relevance Score Normalization for Metasearch, CIKM 2001 (`ZMUV`;
    shifted by its lowest value).
    """
    if not scores:
        return []
    deviation = statistics.pstdev(scores)
    if deviation == 0:
        return [1.0] * len(scores)
    low = min(scores)
    return [(score - low) / deviation for score in scores]


def distribution_normalised(scores: Sequence[float]) -> list[float]:
    """Return the score's place between mean - 3 and mean + 3 standard deviations, cut to 0..1.

    Outliers move it less than they move minimum and maximum. Equal scores are all 0.5.

    Source: Mazzeschi, Distribution-Based Score Fusion, 2023.
    """
    if not scores:
        return []
    mean, deviation = statistics.fmean(scores), statistics.pstdev(scores)
    if deviation == 0:
        return [0.5] * len(scores)
    low, width = mean - _SPREAD * deviation, 2 * _SPREAD * deviation
    return [min(1.0, max(0.0, (score - low) / width)) for score in scores]
