"""How well categories are told, by any way of telling them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from query_understanding.categories.category_shares import category_shares
from query_understanding.categories.transformer_categories import Kind
from query_understanding.category_training.category_examples import CategoryExample
from query_understanding.intents.intent_training import calibration_error
from query_understanding.lexicon.lexicon import Lexicon

_LEAST_SHARE = 1e-4

ShareTeller = Callable[[str], Mapping[Kind, float]]
"""A text → the probability of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryReport:
    """How well categories are told."""

    queries: int
    accuracy: float
    """Share of queries whose likeliest kind is one of theirs."""
    calibration_error: float
    """Expected calibration error: confidence less accuracy, over ten bins of confidence."""


def measure_categories(
    tell: ShareTeller, examples: Sequence[CategoryExample]
) -> tuple[CategoryReport, list[float]]:
    """Return the report, and the logarithm of the true kinds' probability for each example.

    Args:
        tell: what is measured.
        examples: at least one.
    """
    told = [tell(each.text) for each in examples]
    sums = [
        sum(shares.get(kind, 0.0) for kind in each.kinds if kind is not None)
        for shares, each in zip(told, examples, strict=True)
    ]
    best = [max(shares, key=shares.__getitem__, default=None) for shares in told]
    right = [guess in each.kinds for guess, each in zip(best, examples, strict=True)]
    sure = [max(shares.values(), default=0.0) for shares in told]
    report = CategoryReport(
        queries=len(examples),
        accuracy=float(np.mean(right)),
        calibration_error=calibration_error(np.array(sure), np.array(right)),
    )
    return report, [math.log(max(each, _LEAST_SHARE)) for each in sums]


def counted_words(lexicon: Lexicon) -> ShareTeller:
    """Return the way that needs no training: the words of titles."""

    def tell(text: str) -> Mapping[Kind, float]:
        return {
            (lexicon.kinds[place].field, lexicon.kinds[place].name): share
            for place, share in category_shares(text, lexicon).items()
        }

    return tell
