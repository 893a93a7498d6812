"""Trains a model of intents, and measures one."""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from query_understanding.intents.intent import CLASSES, Intent
from query_understanding.intents.intent_examples import ExampleRound, IntentExample, slot_free_grams
from query_understanding.intents.intent_features import intent_features, word_features
from query_understanding.intents.intent_model import IntentModel, IntentTeller
from query_understanding.intents.intent_phrases import PhraseBook
from query_understanding.intents.softmax_training import Rows, best_temperature, train_softmax
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import unit_texts
from query_understanding.text_normalizer import clean

_OF_WORDS = ("words:", "stem:")
_RAREST_GRAM = 3
"""Times that a stretch of words is drawn from the phrase books to become a feature."""
FOLDS = 5
"""Patterns and labelled queries fall into so many folds."""
_HELD_OUT = 0
"""The fold that decides when training stops, and the temperature."""
_LEAST_WEIGHT = 0.05
"""Features all of whose weights are smaller are left out of the model."""
_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuery:
    """A query, the features that it has, and its intent."""

    text: str
    """Cleaned."""
    features: tuple[str, ...]
    intent: Intent
    fold: int
    """0 to `FOLDS` - 1; examples of one pattern are in one fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentReport:
    """How well a model tells intents."""

    queries: int
    accuracy: float
    """Share of queries whose likeliest class is theirs."""
    calibration_error: float
    """Expected calibration error: confidence less accuracy, over ten bins of confidence."""
    unknown: float
    """Share of queries whose intent is not named, for want of confidence."""
    confusion: Mapping[Intent, Mapping[Intent, int]]
    """True intent → guessed intent → queries."""

    @classmethod
    def pooled(cls, reports: "Sequence[IntentReport]") -> "IntentReport":
        """Return one report of several folds; calibration errors are averaged by their queries."""
        queries = sum(each.queries for each in reports)
        confusion: dict[Intent, Counter[Intent]] = {}
        for report in reports:
            for intent, guesses in report.confusion.items():
                confusion.setdefault(intent, Counter()).update(guesses)

        def mean(values: Iterable[float]) -> float:
            weighed = zip(values, reports, strict=True)
            return sum(value * report.queries for value, report in weighed) / queries

        return cls(
            queries=queries,
            accuracy=mean(each.accuracy for each in reports),
            calibration_error=mean(each.calibration_error for each in reports),
            unknown=mean(each.unknown for each in reports),
            confusion=confusion,
        )


def labelled(rounds: Iterable[ExampleRound]) -> list[LabelledQuery]:
    """Return the examples with their features, each against its round's catalogue."""
    return [_labelled(example, each.lexicon) for each in rounds for example in each.examples]


def labelled_queries(
    queries: Iterable[tuple[str, Intent]], lexicon: Lexicon
) -> list[LabelledQuery]:
    """Return a shop's own labelled queries with their features."""
    return [
        LabelledQuery(
            text=clean(text), features=_features(text, lexicon), intent=intent, fold=_fold(text)
        )
        for text, intent in queries
    ]


def train_intents(
    queries: Sequence[LabelledQuery], books: Sequence[PhraseBook], *, seed: int = 0
) -> IntentModel:
    """Train a model that says how sure it is, and how sure it may be.

    Args:
        queries: a fold of them decides when to stop, and the temperature.
        books: whose words become features.
        seed: of the order in which examples are seen.
    """
    vocabulary = _vocabulary(queries, books)
    train = _rows([each for each in queries if each.fold != _HELD_OUT], vocabulary)
    held_out = _rows([each for each in queries if each.fold == _HELD_OUT], vocabulary)
    sizes = {"features": len(vocabulary), "classes": len(CLASSES), "seed": seed}
    stopped = train_softmax(train, held_out, **sizes)
    logits = np.stack(
        [stopped.weights[row].sum(axis=0) + stopped.bias for row in held_out.features]
    )
    # How long to train and how sure to be is known now: what was held out is learned from as well.
    learned = train_softmax(_rows(queries, vocabulary), None, most_epochs=stopped.epochs, **sizes)
    return IntentModel(
        weights={
            name: learned.weights[place]
            for name, place in vocabulary.items()
            if np.abs(learned.weights[place]).max() >= _LEAST_WEIGHT
        },
        bias=learned.bias,
        temperature=best_temperature(logits.astype(np.float64), held_out.labels),
    )


def measure_intents(model: IntentTeller, queries: Sequence[LabelledQuery]) -> IntentReport:
    """Measure a model on labelled queries."""
    guesses = [model.guess(each.features, each.text) for each in queries]
    likeliest = [max(each.shares, key=each.shares.__getitem__) for each in guesses]
    right = np.array(
        [guess is query.intent for guess, query in zip(likeliest, queries, strict=True)]
    )
    confusion: dict[Intent, Counter[Intent]] = {}
    for guess, query in zip(likeliest, queries, strict=True):
        confusion.setdefault(query.intent, Counter())[guess] += 1
    return IntentReport(
        queries=len(queries),
        accuracy=float(right.mean()),
        calibration_error=calibration_error(np.array([each.confidence for each in guesses]), right),
        unknown=sum(each.intent is Intent.UNKNOWN for each in guesses) / len(guesses),
        confusion=confusion,
    )


def calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten equally wide bins. Source: Naeini et al. 2015.

    Args:
        confidences: shape (n,), 0 to 1.
        right: shape (n,): whether each guess was right.
    """
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for each in np.unique(bins):
        inside = bins == each
        gap = abs(confidences[inside].mean() - right[inside].mean())
        error += float(gap) * float(inside.mean())
    return error


def _labelled(example: IntentExample, lexicon: Lexicon) -> LabelledQuery:
    return LabelledQuery(
        text=clean(example.text),
        features=_features(example.text, lexicon),
        intent=example.intent,
        fold=_fold(example.pattern),
    )


def _features(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    cleaned = clean(text)
    return intent_features(cleaned, cleaned, lexicon)


def _fold(pattern: str) -> int:
    """Return the same fold at every run, whatever Python's hash seed."""
    return zlib.crc32(pattern.encode()) % FOLDS


def _vocabulary(queries: Sequence[LabelledQuery], books: Sequence[PhraseBook]) -> dict[str, int]:
    """Return the features that are learned: all but the words that only catalogues use."""
    grams: Counter[str] = Counter()
    for part in slot_free_grams(books):
        grams.update(set(word_features(unit_texts(part))))
    # At the edge of a slot a phrase neither begins nor ends; examples decide which of these occur.
    spoken = {gram for gram, count in grams.items() if count >= _RAREST_GRAM}
    seen = {name for query in queries for name in query.features}
    kept = sorted(name for name in seen if not name.startswith(_OF_WORDS) or name in spoken)
    return {name: place for place, name in enumerate(kept)}


def _rows(queries: Sequence[LabelledQuery], vocabulary: Mapping[str, int]) -> Rows:
    classes: dict[Intent, int] = {intent: place for place, intent in enumerate(CLASSES)}
    return Rows(
        features=[
            [vocabulary[name] for name in query.features if name in vocabulary] for query in queries
        ],
        labels=np.array([classes[query.intent] for query in queries], dtype=np.int64),
    )
