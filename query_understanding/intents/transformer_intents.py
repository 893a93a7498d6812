"""Tells intents by a small transformer that was trained for the shop, with the regression beside.

The transformer reads the words, and of the features what is no word: shape, and place in the
catalogue. What it has not learned of a language, the regression has.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from query_understanding.intents.intent import CLASSES, Intent, IntentGuess
from query_understanding.intents.intent_model import IntentModel, named_guess, read_intent_model
from query_understanding.text_classifier import UNREADABLE, TextClassifier, softmax
from search_core import ConfigurationError

DESCRIPTION_FILE = "intents.json"
REGRESSION_FILE = "intent.json"
FORMAT = 1
"""Raised whenever an older folder could not be read as a newer one is."""
OF_WORDS = ("words:", "stem:")
"""How features begin that the transformer reads by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentDescription:
    """What a folder's model wants to be told, and how sure it may be."""

    features: tuple[str, ...]
    """Names of the features that it takes, in their order."""
    temperature: float
    """Logits are divided by it."""
    max_tokens: int
    """Longer queries are cut."""
    share: float
    """What it counts beside the regression, 0 to 1."""

    def write(self, folder: Path) -> None:
        """Write it beside the weights."""
        tree = {
            "format": FORMAT,
            "classes": [each.value for each in CLASSES],
            "features": self.features,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "share": self.share,
        }
        (folder / DESCRIPTION_FILE).write_text(json.dumps(tree), encoding="utf-8")

    def numbers(self, features: Sequence[str]) -> tuple[float, ...]:
        """Return 1 for each feature that a query has, else 0."""
        had = frozenset(features)
        return tuple(float(name in had) for name in self.features)


class TransformerIntents:
    """A small transformer and a regression. Safe to ask from several threads at once."""

    def __init__(self, folder: Path, beside: IntentModel | None = None) -> None:
        """Load what `shopkeeper understand train --method transformer` wrote.

        Args:
            folder: of the model.
            beside: the regression that it is mixed with; `None`: the folder's, which learned from
                the same queries.

        Raises:
            ConfigurationError: a file is missing, damaged, or of another version.
        """
        try:
            self._beside = beside or read_intent_model(folder / REGRESSION_FILE)
            self.description = _read_description(folder / DESCRIPTION_FILE)
            self._classifier = TextClassifier(folder, self.description.max_tokens)
        except UNREADABLE as error:
            raise ConfigurationError(
                f"the model of intents in {folder} does not load: {error}",
                remedy="train it anew (`shopkeeper understand train --method transformer`), or "
                "delete the folder",
            ) from error

    def guess(self, features: Sequence[str], text: str) -> IntentGuess:
        """Return the mean of both; see `IntentTeller`. Reasons are the regression's."""
        share = self.description.share
        beside = self._beside.guess(features, text)
        told = softmax(self.logits(features, text), self.description.temperature)
        shares: dict[Intent, float] = {
            intent: share * float(each) + (1.0 - share) * beside.shares[intent]
            for intent, each in zip(CLASSES, told, strict=True)
        }
        likeliest = max(shares, key=shares.__getitem__)
        agreed = likeliest is max(beside.shares, key=beside.shares.__getitem__)
        return named_guess(shares, features, beside.because if agreed else ())

    def logits(self, features: Sequence[str], text: str) -> NDArray[np.float32]:
        """Return one logit a class, in the order of `CLASSES`."""
        return self._classifier.logits(text, self.description.numbers(features))


def _read_description(path: Path) -> IntentDescription:
    tree = json.loads(path.read_text(encoding="utf-8"))
    if (tree["format"], tree["classes"]) != (FORMAT, [each.value for each in CLASSES]):
        raise ConfigurationError(f"{path.name} is of another version")
    return IntentDescription(
        features=tuple(tree["features"]),
        temperature=float(tree["temperature"]),
        max_tokens=int(tree["max_tokens"]),
        share=float(tree["share"]),
    )
