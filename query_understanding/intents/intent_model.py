"""Tells intents apart by a sum of weights: of a query's words, shape and place in the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
import orjson
from numpy.typing import NDArray

from query_understanding.intents.intent import CLASSES, Intent, IntentGuess
from query_understanding.intents.intent_features import LACKS_MUCH, LACKS_SOME, SAYS_NOTHING_ENGLISH
from search_core import ConfigurationError

FORMAT = 1
"""Raised whenever an older model could not be read as a newer one is."""
LEAST_CONFIDENCE = 0.5
"""Below it the intent is unknown: no class is likelier than all others together."""
_LEAST_OF_SOME = 0.6
"""The same where a query asks for what the catalogue lacks, although it has most of the words."""
_NEVER = 2.0
_REASONS = 3


class IntentTeller(Protocol):
    """Whatever tells the intent of a query."""

    def guess(self, features: Sequence[str], text: str) -> IntentGuess:
        """Return the intent.

        Args:
            features: of the query: see `intent_features`.
            text: what they were read from, cleaned.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntentModel:
    """A multinomial logistic regression over named features."""

    weights: Mapping[str, NDArray[np.float32]]
    """Feature → weight of each of `CLASSES`."""
    bias: NDArray[np.float32]
    temperature: float = 1.0
    """Logits are divided by it, so that probabilities are neither too sure nor too shy. Source: Guo
    et al. 2017."""

    def guess(self, features: Sequence[str], text: str = "") -> IntentGuess:
        """Return the intent of a query with these features; its text says nothing more here."""
        del text
        known = [name for name in features if name in self.weights]
        logits = self.bias.astype(np.float64)
        for name in known:
            logits = logits + self.weights[name]
        logits /= self.temperature
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        best = int(shares.argmax())
        reasons = sorted(known, key=lambda name: -self._speaks_for(name, best))[:_REASONS]
        return named_guess(
            dict(zip(CLASSES, map(float, shares), strict=True)),
            features,
            tuple(name for name in reasons if self._speaks_for(name, best) > 0),
        )

    def _speaks_for(self, name: str, best: int) -> float:
        """Return how much more a feature weighs for a class than for the next one."""
        weights = self.weights[name]
        return float(weights[best] - np.delete(weights, best).max())


def named_guess(
    shares: Mapping[Intent, float], features: Sequence[str], because: tuple[str, ...]
) -> IntentGuess:
    """Name the likeliest intent, if it is likely enough and may be said.

    Args:
        shares: the probability of every class.
        features: of the query.
        because: the features that spoke most for the likeliest.
    """
    likeliest = max(shares, key=shares.__getitem__)
    named = shares[likeliest] >= _least_confidence(likeliest, features)
    return IntentGuess(
        intent=likeliest if named else Intent.UNKNOWN,
        confidence=shares[likeliest],
        shares=shares,
        because=because,
    )


def _least_confidence(intent: Intent, features: Sequence[str]) -> float:
    """Return from which probability an intent may be named; above 1: never.

    A shop that has most of the words is not told it has none. Neither is one that may have the
    thing, and not the language in which it was asked for.
    """
    if intent is not Intent.OUT_OF_CATALOGUE:
        return LEAST_CONFIDENCE
    if SAYS_NOTHING_ENGLISH in features:
        return _NEVER
    if not LACKS_MUCH.isdisjoint(features):
        return LEAST_CONFIDENCE
    return _NEVER if LACKS_SOME.isdisjoint(features) else _LEAST_OF_SOME


def encode_intent_model(model: IntentModel) -> bytes:
    """Return a model in the form that `decode_intent_model` reads: JSON with sorted features."""
    tree = {
        "format": FORMAT,
        "classes": [intent.value for intent in CLASSES],
        "temperature": round(model.temperature, 4),
        "bias": _rounded(model.bias),
        "weights": {name: _rounded(model.weights[name]) for name in sorted(model.weights)},
    }
    return orjson.dumps(tree)


def decode_intent_model(data: bytes, source: str) -> IntentModel:
    """Read a model.

    Args:
        data: as `encode_intent_model` writes it.
        source: what errors call it.

    Raises:
        ConfigurationError: it is no model of intents, or one of another version.
    """
    try:
        tree = orjson.loads(data)
        if (tree["format"], tree["classes"]) != (FORMAT, [each.value for each in CLASSES]):
            raise _unreadable(source, "of another version")
        return IntentModel(
            weights={name: _row(row) for name, row in tree["weights"].items()},
            bias=_row(tree["bias"]),
            temperature=float(tree["temperature"]),
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(source, "damaged") from error


def read_intent_model(path: Path) -> IntentModel:
    """Read a model that `shopkeeper understand train` wrote.

    Raises:
        ConfigurationError: there is no such file, or it is no model of intents.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"the intent model {path} cannot be read: {error.strerror or error}",
            remedy="unset query_understanding.trained to use the one that Shopkeeper brings",
        ) from error
    return decode_intent_model(data, str(path))


@cache
def default_intent_model() -> IntentModel:
    """Return the model that Shopkeeper brings: made by `python -m tools.train_intents`."""
    data = files("query_understanding").joinpath("intent_model.json").read_bytes()
    return decode_intent_model(data, "intent_model.json")


def _row(values: Sequence[float]) -> NDArray[np.float32]:
    row = np.asarray(values, dtype=np.float32)
    if row.shape != (len(CLASSES),) or not np.isfinite(row).all():
        raise ValueError("a row of weights has another length, or a weight is no number")
    return row


def _rounded(row: NDArray[np.float32]) -> list[float]:
    return [round(float(each), 3) for each in row]


def _unreadable(source: str, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"the intent model {source} is {what}",
        remedy="make it anew: `shopkeeper understand train`",
    )
