"""What a tuning found, in plain words."""

from evaluation.tuning import TuningOutcome


def tuning_sentences(outcome: TuningOutcome) -> tuple[str, ...]:
    """Say what tuning is worth, first in sample, then on held-out queries, then what to do."""
    return (_in_sample(outcome), _held_out(outcome), _verdict(outcome))


def _in_sample(outcome: TuningOutcome) -> str:
    found = outcome.in_sample.deciding
    return (
        f"On the queries that it was tuned on, the best setting has {outcome.measure} "
        f"{found.candidate_mean:.4f} instead of {found.baseline_mean:.4f} "
        f"({found.difference:+.4f})."
    )


def _held_out(outcome: TuningOutcome) -> str:
    found = outcome.held_out.deciding
    low, high = found.interval.low, found.interval.high
    return (
        f"On queries that tuning never saw ({len(outcome.folds)} folds), it has "
        f"{found.candidate_mean:.4f} instead of {found.baseline_mean:.4f} "
        f"({found.difference:+.4f}, {outcome.held_out.confidence:.0%} interval {low:+.4f} to "
        f"{high:+.4f}, p {found.p_value:.3f})."
    )


def _verdict(outcome: TuningOutcome) -> str:
    if not outcome.changes:
        return "Nothing that was tried beats the present setting: keep it."
    found = outcome.held_out.deciding
    if outcome.is_better:
        return "Tuning beats the present setting on queries that it never saw: take the tuned one."
    if found.difference <= 0:
        return (
            "The gain in sample does not carry over to other queries: nothing beats the present "
            "setting, keep it."
        )
    return (
        "The gain on other queries is no larger than chance gives: nothing beats the present "
        "setting beyond doubt, keep it until more queries are judged."
    )
