"""What a learned order is worth, in words that need no statistics."""

from evaluation.nested_validation import LearningOutcome


def learning_sentences(outcome: LearningOutcome) -> tuple[str, ...]:
    """Say what learning is worth on held-out queries, by every measure, and what to do."""
    confidence = f"{outcome.held_out.confidence:.0%}"
    measured = tuple(
        f"{each.measure} of queries that it never saw: {each.candidate_mean:.4f} instead of "
        f"{each.baseline_mean:.4f} ({each.difference:+.4f}, {confidence} interval "
        f"{each.interval.low:+.4f} to {each.interval.high:+.4f}, p {each.p_value:.3f})."
        for each in outcome.held_out.measures
    )
    return (*measured, _verdict(outcome))


def _verdict(outcome: LearningOutcome) -> str:
    if outcome.is_better:
        return "It beats the present order on queries that it never saw: take it."
    if outcome.chosen is None:
        return "Over all queries nothing that was tried beats the present order: keep it."
    if outcome.held_out.deciding.difference <= 0:
        return "What it learns does not carry over to other queries: keep the present order."
    return (
        "The gain on other queries is no larger than chance gives: keep the present order until "
        "more queries are judged."
    )
