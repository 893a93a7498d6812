"""Queries for which `new` products are better than `black` ones: what a small model can learn."""

from reranker.training import TrainingGroup
from tests.integration.reranker.untrained_model import write_untrained_model

KINDS = tuple(f"kind{number}" for number in range(20))
EXPORTED_PAIRS = [
    (f"red {kind}", f"a new {colour} {other}")
    for kind, other in zip(KINDS, KINDS[1:] + KINDS[:1], strict=True)
    for colour in ("red", "black")
]


def write_start(folder):
    """Write a Hugging Face folder of a model with four layers that has learned nothing."""
    words = (*KINDS, "red", "summer", "dress", "laser", "toner", "black", "a", "new")
    return write_untrained_model(folder, words)


def groups():
    """Return three queries for each kind."""
    return [
        TrainingGroup(
            query=f"{prefix} {kind}", passages=(f"a new {kind}", f"black {kind}", f"a {kind}"),
            targets=(4.0, 0.0, 2.0), family=kind, source="kind",
        )
        for kind in KINDS
        for prefix in ("red", "summer", "laser")
    ]  # fmt: skip
