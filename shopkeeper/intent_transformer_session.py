"""`shopkeeper understand train --method transformer`: a transformer of intents, and its gate."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from model_training import require_training_extra
from query_understanding import (
    FOLDS,
    INTENT_FILE,
    INTENTS_FOLDER,
    IntentTeller,
    LabelledQuery,
    TrainedIntents,
    TransformerIntents,
    encode_intent_model,
    intent_model,
    intent_teller,
    measure_intents,
    phrase_books,
    train_intents,
    train_transformer_intents,
)
from query_understanding.classifier_training import ClassifierTraining
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
    """Of a start that is no named encoder; `None`: what `classifier_start` keeps."""


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
    parts = _parts(made_queries(request, settings), own_queries(request, settings))
    beside = train_intents(parts.learned, phrase_books(), seed=request.seed)
    with tempfile.TemporaryDirectory(prefix="shopkeeper-intents-") as folder:
        work = Path(folder)
        trained = _trained(
            parts, request, start, training, settings, work, progress or SilentProgress()
        )
        (trained.folder / INTENT_FILE).write_bytes(encode_intent_model(beside))
        candidate = TransformerIntents(trained.folder)
        outcome = judged(
            _rival(beside, settings),
            (parts.tested, likelihoods(candidate, parts.tested),
             measure_intents(candidate, parts.tested)),
            settings,
            "a fifth of the shop's labelled queries, of which the candidate has seen none"
            if parts.own
            else "made-up queries of patterns that neither has seen",
        )  # fmt: skip
        outcome = replace(outcome, share=trained.share)
        if outcome.passed and request.install:
            goal = trained_folder(settings)
            return replace(outcome, installed=install_folder(trained.folder, goal))
    return outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The queries, dealt out."""

    own: Sequence[LabelledQuery]
    """The shop's labelled queries; empty: there are none."""
    tested: Sequence[LabelledQuery]
    """What tests the candidate; neither it nor its rival learns from them."""
    learned: Sequence[LabelledQuery]
    """All others, the shop's own several times."""

    @property
    def unmeasured(self) -> list[LabelledQuery]:
        """Those of `learned` that do not decide when training stops."""
        return [each for each in self.learned if each.fold != _MEASURED]

    @property
    def measured(self) -> list[LabelledQuery]:
        """Those that do."""
        return _some(_fold(self.learned, _MEASURED), _MOST_MEASURED)

    @property
    def taught(self) -> list[LabelledQuery]:
        """What the transformer learns from: all of the shop's own, and some of the others."""
        texts = {each.text for each in self.own}
        others = [each for each in self.unmeasured if each.text not in texts]
        own = [each for each in self.unmeasured if each.text in texts]
        return [*_some(others, _MOST_LEARNED), *own]


def _parts(made: Sequence[LabelledQuery], own: Sequence[LabelledQuery]) -> _Parts:
    """Deal queries out.

    Raises:
        JudgmentsError: none is left to test on.
    """
    tested = _fold(own, _TESTED) if own else _some(_fold(made, _TESTED), _MOST_TESTED)
    if not tested:
        raise JudgmentsError(
            "none of the labelled queries falls into the fifth that tests the model",
            remedy="label more of them: some dozens at least",
        )
    learned = [each for each in [*made, *[*own] * _OWN_TIMES] if each.fold != _TESTED]
    return _Parts(own=own, tested=tested, learned=learned)


def _trained(
    parts: _Parts,
    request: IntentTrainingRequest,
    start: IntentStart,
    training: ClassifierTraining,
    settings: Settings,
    work: Path,
    listener: ProgressListener,
) -> TrainedIntents:
    return train_transformer_intents(
        parts.taught,
        parts.measured,
        # What it is mixed with must not know the answers by which the mixture is found.
        train_intents(parts.unmeasured, phrase_books(), seed=request.seed),
        classifier_start(
            start.name, [each.text for each in parts.learned], work / "start", settings, listener,
            layers=start.layers, seed=request.seed,
        ),
        work / INTENTS_FOLDER,
        training,
        listener,
    )  # fmt: skip


def _rival(beside: IntentTeller, settings: Settings) -> IntentTeller:
    """Return what was trained for the shop; in place of the regression that ships, its like."""
    folder = trained_folder(settings)
    installed = intent_teller(folder)
    ships = installed is intent_model(None)
    return beside if ships else installed


def _fold(queries: Sequence[LabelledQuery], fold: int) -> list[LabelledQuery]:
    return [each for each in queries if each.fold == fold]


def _some(queries: Sequence[LabelledQuery], most: int) -> list[LabelledQuery]:
    """Return a sample, the same at every run."""
    choose = Random(0)  # noqa: S311 - a sample is no secret
    return list(queries) if len(queries) <= most else choose.sample(list(queries), most)
