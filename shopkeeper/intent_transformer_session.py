"""`shopkeeper understand train --method transformer`: a transformer of intents, and its gate."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from query_understanding import (
    FOLDS,
    INTENT_FILE,
    INTENTS_FOLDER,
    IntentTeller,
    LabelledQuery,
    TransformerIntents,
    encode_intent_model,
    intent_model,
    intent_teller,
    measure_intents,
    phrase_books,
    train_intents,
    train_transformer_intents,
)
from query_understanding.classifier_training import ClassifierTraining, require_training_extra
from search_core import JudgmentsError, ProgressListener, SilentProgress
from search_core.settings import Settings
from shopkeeper.classifier_start import classifier_start
from shopkeeper.composition import trained_folder
from shopkeeper.installed_model import install_folder
from shopkeeper.intent_training_session import (
    IntentTrainingOutcome,
    IntentTrainingRequest,
    judged,
    likelihoods,
    made_queries,
    own_queries,
)

_MEASURED, _TESTED = 1, FOLDS - 1
"""Folds: one decides when training stops and what the model counts, one tests it."""
_MOST_LEARNED, _MOST_MEASURED, _MOST_TESTED = 6_000, 1_500, 3_000
"""Made-up queries: more repeat the same patterns, at a minute of one core for each thousand."""
_OWN_TIMES = 5
"""A shopper's own query counts as so many made-up ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentStart:
    """What training starts from."""

    name: str = ""
    """Named model or Hugging Face folder; empty: the encoder that reads the queries."""
    layers: int | None = None
    """Of a start that is no named encoder; `None`: 6."""


def train_intent_transformer(
    request: IntentTrainingRequest,
    start: IntentStart,
    training: ClassifierTraining,
    settings: Settings,
    progress: ProgressListener | None = None,
) -> IntentTrainingOutcome:
    """Train a transformer of intents, and install it if it is better than what tells them now.

    It is tested on a fifth that neither it nor its rival has learned from: of the shop's labelled
    queries where there are some, else of the patterns. The rival is what was trained for the shop;
    the regression that ships has learned from all patterns, so one that has not stands for it.

    Args:
        request: what is learned from.
        start: what training starts from.
        training: epochs, seed.
        settings: where the model goes, and how sure to be.
        progress: told of steps.

    Raises:
        ConfigurationError: the extra `train` is missing, or the model cannot be written.
        IndexingError: the index has no products to learn from.
        JudgmentsError: there are too few labelled queries to test on.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    require_training_extra()
    listener = progress or SilentProgress()
    made, own = made_queries(request, settings), own_queries(request, settings)
    tested = _fold(own, _TESTED) if own else _some(_fold(made, _TESTED), _MOST_TESTED)
    if not tested:
        raise JudgmentsError(
            "none of the labelled queries falls into the fifth that tests the model",
            remedy="label more of them: some dozens at least",
        )
    learned = [each for each in [*made, *own * _OWN_TIMES] if each.fold != _TESTED]
    beside = train_intents(learned, phrase_books(), seed=request.seed)
    unmeasured = [each for each in learned if each.fold != _MEASURED]
    with tempfile.TemporaryDirectory(prefix="shopkeeper-intents-") as work:
        trained = train_transformer_intents(
            [*_some(_without(unmeasured, own), _MOST_LEARNED), *_among(unmeasured, own)],
            _some(_fold(learned, _MEASURED), _MOST_MEASURED),
            # What it is mixed with must not know the answers by which the mixture is found.
            train_intents(unmeasured, phrase_books(), seed=request.seed),
            classifier_start(
                start.name, [each.text for each in learned], Path(work) / "start", settings,
                listener, layers=start.layers, seed=request.seed,
            ),
            Path(work) / INTENTS_FOLDER,
            training,
            listener,
        )  # fmt: skip
        (trained.folder / INTENT_FILE).write_bytes(encode_intent_model(beside))
        candidate = TransformerIntents(trained.folder)
        outcome = judged(
            _rival(beside, settings),
            (tested, likelihoods(candidate, tested), measure_intents(candidate, tested)),
            settings,
            "a fifth of the shop's labelled queries, of which the candidate has seen none"
            if own
            else "made-up queries of patterns that neither has seen",
        )
        outcome = replace(outcome, share=trained.share)
        if outcome.passed and request.install:
            folder = trained_folder(settings)
            return replace(outcome, installed=install_folder(trained.folder, folder))
    return outcome


def _rival(beside: IntentTeller, settings: Settings) -> IntentTeller:
    """Return what was trained for the shop; in place of the regression that ships, its like."""
    folder = trained_folder(settings)
    installed = intent_teller(folder)
    ships = installed is intent_model(None)
    return beside if ships else installed


def _fold(queries: Sequence[LabelledQuery], fold: int) -> list[LabelledQuery]:
    return [each for each in queries if each.fold == fold]


def _among(queries: Sequence[LabelledQuery], own: Sequence[LabelledQuery]) -> list[LabelledQuery]:
    texts = {each.text for each in own}
    return [each for each in queries if each.text in texts]


def _without(queries: Sequence[LabelledQuery], own: Sequence[LabelledQuery]) -> list[LabelledQuery]:
    texts = {each.text for each in own}
    return [each for each in queries if each.text not in texts]


def _some(queries: Sequence[LabelledQuery], most: int) -> list[LabelledQuery]:
    """Return a sample, the same at every run."""
    choose = Random(0)  # noqa: S311 - a sample is no secret
    return list(queries) if len(queries) <= most else choose.sample(list(queries), most)
