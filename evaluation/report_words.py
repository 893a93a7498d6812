"""What the figures of a comparison mean, in words that need no statistics."""

from evaluation.comparison import Comparison, MeasureDifference
from evaluation.holes import HoleBounds

_CERTAIN = 0.05
"""Adjusted p-values below it are called unlikely to be chance, the usual convention."""


def headline(comparison: Comparison) -> str:
    """Say in one sentence who wins."""
    found = comparison.deciding
    names = f"“{comparison.candidate.name}”", f"“{comparison.baseline.name}”"
    verdict = _verdict(found)
    if verdict == "better":
        return f"{names[0]} finds better products than {names[1]}."
    if verdict == "worse":
        return f"{names[0]} finds worse products than {names[1]}."
    return f"{names[0]} and {names[1]} cannot be told apart with these judgments."


def verdict_class(comparison: Comparison) -> str:
    """Return `better`, `worse` or `unclear`."""
    return _verdict(comparison.deciding)


def significance(comparison: Comparison) -> str:
    """Say how large the difference is, and how sure."""
    found = comparison.deciding
    confidence = f"{comparison.confidence:.0%}"
    return (
        f"{comparison.measure} is {found.candidate_mean:.3f} instead of {found.baseline_mean:.3f} "
        f"({found.difference:+.3f}). With {confidence} confidence, the difference for other "
        f"queries of this kind lies between {found.interval.low:+.3f} and "
        f"{found.interval.high:+.3f}. "
        f"{_chance(found.adjusted_p_value)}"
    )


def wins_and_losses(found: MeasureDifference) -> str:
    """Say how many queries moved which way."""
    total = found.wins + found.losses + found.ties
    return (
        f"Of {total} queries {found.wins} are answered better, {found.losses} worse and "
        f"{found.ties} as well as before."
    )


def holes_sentence(bounds: HoleBounds, unjudged_a_query: float, depth: int) -> str:
    """Say how much hangs on hits that nobody rated."""
    if unjudged_a_query == 0:
        return f"All of the first {depth} hits are rated, so nothing is left to guess."
    return (
        f"Of the first {depth} hits {unjudged_a_query:.1f} a query are unrated and count as wrong. "
        f"Depending on what raters would say, {bounds.measure} lies between {bounds.worst:.3f} and "
        f"{bounds.best:.3f} (measured: {bounds.value:.3f})."
    )


def _verdict(found: MeasureDifference) -> str:
    if found.adjusted_p_value >= _CERTAIN or found.interval.low <= 0 <= found.interval.high:
        return "unclear"
    return "better" if found.difference > 0 else "worse"


def _chance(p_value: float) -> str:
    if p_value < 0.001:
        return "Chance alone would give a difference this large in fewer than 1 of 1,000 cases."
    if p_value < 0.5:
        return f"Chance alone would give a difference this large in 1 of {1 / p_value:,.0f} cases."
    return "Chance alone would give a difference this large more often than not."
