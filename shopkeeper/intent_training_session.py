"""One call of `shopkeeper understand train`: examples, a candidate, the gate, the installation."""

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from evaluation import lower_bound
from query_understanding import (
    FOLDS,
    INTENT_FILE,
    INTENTS_FOLDER,
    CatalogueSource,
    Intent,
    IntentModel,
    IntentReport,
    IntentTeller,
    LabelledQuery,
    encode_intent_model,
    example_rounds,
    intent_teller,
    labelled,
    labelled_queries,
    measure_intents,
    phrase_books,
    train_intents,
)
from search_core import ConfigurationError, IndexingError, ProgressListener, SilentProgress
from search_core.settings import Settings
from search_engine import physical_index, scan_products
from shopkeeper.composition import search_engine_client, trained_folder

_FIELDS = (
    "title", "brand", "product_type", "category", "category_text", "description", "attributes",
    "attributes_text", "codes", "price", "language",
)  # fmt: skip
_SAMPLE = 3_000
"""Products that examples are made from: more would repeat the same patterns."""
_ROUNDS = 9
_LABELLED_TIMES = 5
"""A shopper's own query counts as so many made-up ones."""
_UNSEEN = FOLDS - 1
_LEAST_SHARE = 1e-4
_TASK = "training intents"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentTrainingRequest:
    """What is learned from, and whether it is put to use."""

    index: str
    labels: Sequence[tuple[str, Intent]] = ()
    """The shop's own queries; empty: only what the catalogue and the phrases make."""
    seed: int = 0
    install: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentTrainingOutcome:
    """How the candidate did against the present model, on queries that it did not learn from."""

    tested_on: str
    present: IntentReport
    candidate: IntentReport
    gain: float
    """Mean gain in the logarithm of the true intent's probability, in nats."""
    gain_lower_bound: float
    """What the gain exceeds with the confidence of `evaluation.confidence`."""
    passed: bool
    reason: str
    installed: Path | None
    """Where the model is now; `None`: it was not installed."""
    share: float | None = None
    """What a transformer counts beside the regression, 0 to 1; `None`: it is a regression."""


def train_intent_model(
    request: IntentTrainingRequest, settings: Settings, progress: ProgressListener | None = None
) -> IntentTrainingOutcome:
    """Train a model of intents on a catalogue, and install it if it is better than the present one.

    With labelled queries both are tested on these, the candidate by cross-validation; without, on
    patterns that the candidate has not learned from, but the one that ships has.

    Raises:
        IndexingError: the index has no products to learn from.
        ConfigurationError: the present model cannot be read, or the new one not written.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    listener = progress or SilentProgress()
    listener.start(_TASK, FOLDS + 2 if request.labels else 3, "steps")
    books = phrase_books()
    made = made_queries(request, settings)
    listener.advance(_TASK, 1)
    own = own_queries(request, settings)
    if own:
        tested, gained, report = _cross_validated(made, own, request.seed, listener)
    else:
        tested = [each for each in made if each.fold == _UNSEEN]
        learned = [each for each in made if each.fold != _UNSEEN]
        candidate = train_intents(learned, books, seed=request.seed)
        gained = likelihoods(candidate, tested)
        report = measure_intents(candidate, tested)
        listener.advance(_TASK, 1)
    present = intent_teller(trained_folder(settings))
    outcome = judged(
        present,
        (tested, gained, report),
        settings,
        "the shop's labelled queries, by cross-validation"
        if own
        else "made-up queries of patterns that the candidate has not seen",
    )
    final = train_intents([*made, *own * _LABELLED_TIMES], books, seed=request.seed)
    listener.finish(_TASK)
    if not (outcome.passed and request.install):
        return outcome
    return _installed(outcome, final, trained_folder(settings))


def made_queries(request: IntentTrainingRequest, settings: Settings) -> list[LabelledQuery]:
    """Return queries made of the catalogue and the phrase books, with their intents."""
    documents = _sampled_products(request, settings)
    rounds = example_rounds(documents, phrase_books(), rounds=_ROUNDS, seed=request.seed)
    return labelled(rounds)


def own_queries(request: IntentTrainingRequest, settings: Settings) -> list[LabelledQuery]:
    """Return the shop's labelled queries; empty: there are none."""
    if not request.labels:
        return []
    catalogues = CatalogueSource(search_engine_client(settings))
    return labelled_queries(request.labels, catalogues.catalogue(request.index).lexicon)


def _sampled_products(
    request: IntentTrainingRequest, settings: Settings
) -> list[Mapping[str, Any]]:
    """Return a uniform sample of the products. Source: Vitter 1985, algorithm R."""
    client = search_engine_client(settings)
    choose = Random(request.seed)  # noqa: S311 - a sample is no secret
    sample: list[Mapping[str, Any]] = []
    generation = physical_index(client, request.index)
    for number, document in enumerate(scan_products(client, generation, _FIELDS)):
        if len(sample) < _SAMPLE:
            sample.append(document)
        elif (place := choose.randrange(number + 1)) < _SAMPLE:
            sample[place] = document
    if not sample:
        raise IndexingError(
            f"{request.index} has no products to learn from", remedy="reindex the catalogue first"
        )
    return sample


def _cross_validated(
    made: Sequence[LabelledQuery],
    own: Sequence[LabelledQuery],
    seed: int,
    listener: ProgressListener,
) -> tuple[list[LabelledQuery], list[float], IntentReport]:
    """Guess each fold of the shop's queries by a model that learned from the other folds."""
    tested: list[LabelledQuery] = []
    told: list[float] = []
    reports: list[IntentReport] = []
    for fold in range(FOLDS):
        test = [each for each in own if each.fold == fold]
        rest = [each for each in own if each.fold != fold] * _LABELLED_TIMES
        listener.advance(_TASK, 1)
        if not test:
            continue
        model = train_intents([*made, *rest], phrase_books(), seed=seed)
        tested += test
        told += likelihoods(model, test)
        reports.append(measure_intents(model, test))
    return tested, told, IntentReport.pooled(reports)


def likelihoods(model: IntentTeller, queries: Sequence[LabelledQuery]) -> list[float]:
    """Return the logarithm of the probability that each query's true intent is given."""
    return [
        math.log(max(model.guess(each.features, each.text).shares[each.intent], _LEAST_SHARE))
        for each in queries
    ]


def judged(
    present: IntentTeller,
    candidate: tuple[Sequence[LabelledQuery], Sequence[float], IntentReport],
    settings: Settings,
    tested_on: str,
) -> IntentTrainingOutcome:
    """Compare a candidate with what tells intents now.

    Args:
        present: what tells them now.
        candidate: the queries that neither has learned from, the logarithm of the probability that
            the candidate gives each one's intent, and its report.
        settings: how sure to be.
        tested_on: what the queries are, in words.
    """
    tested, told, report = candidate
    before = measure_intents(present, tested)
    gains = [after - was for after, was in zip(told, likelihoods(present, tested), strict=True)]
    bound = lower_bound(
        gains,
        confidence=settings.evaluation.confidence,
        resamples=settings.evaluation.resamples,
        seed=settings.evaluation.seed,
    )
    better = bound > 0 and report.accuracy >= before.accuracy
    return IntentTrainingOutcome(
        tested_on=tested_on,
        present=before,
        candidate=report,
        gain=sum(gains) / len(gains),
        gain_lower_bound=bound,
        passed=better,
        reason="it is better with confidence"
        if better
        else "it is not better with confidence, so the present model stays",
        installed=None,
    )


def _installed(
    outcome: IntentTrainingOutcome, model: IntentModel, folder: Path
) -> IntentTrainingOutcome:
    path = folder / INTENT_FILE
    fresh = path.with_suffix(".tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(encode_intent_model(model))
        # Renamed, so that a process that starts now reads the one or the other, never half.
        fresh.replace(path)
        _set_aside(folder / INTENTS_FOLDER)
    except OSError as error:
        raise ConfigurationError(
            f"the model cannot be written to {path}: {error.strerror or error}",
            remedy="set query_understanding.trained to a folder that can be written to",
        ) from error
    return replace(outcome, installed=path)


def _set_aside(transformer: Path) -> None:
    """Move away a transformer, which would be asked in place of the regression that beat it."""
    if transformer.exists():
        before = transformer.with_name(f"{transformer.name}.before")
        shutil.rmtree(before, ignore_errors=True)
        transformer.rename(before)
