"""`shopkeeper understand train --what categories`: examples, a candidate, the gate, installing."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from evaluation import Judgments, lower_bound
from model_training import require_training_extra
from query_understanding import (
    CATEGORIES_FOLDER,
    Lexicon,
    TransformerCategories,
    learn_lexicon,
    trained_categories,
)
from query_understanding.category_training import (
    CategoryExample,
    CategoryReport,
    ShareTeller,
    TrainedCategories,
    counted_words,
    fold_of,
    kind_of,
    measure_categories,
    query_examples,
    title_examples,
    train_categories,
)
from query_understanding.classifier_training import ClassifierTraining
from search_core import IndexingError, ProgressListener, SilentProgress
from search_core.settings import Settings
from search_engine import physical_index, scan_products
from shopkeeper.classifier_start import classifier_start
from shopkeeper.composition import search_engine_client, trained_folder
from shopkeeper.installed_model import install_folder

_FIELDS = ("id", "title", "product_type", "category", "language")
_SAMPLE = 20_000
"""Products that titles are taken from: an hour on one core, and kinds have shown their words."""
_TESTED, _MEASURED = 0, 1
"""Folds: one tests the candidate, one decides when its training stops."""
_QUERY_TIMES = 3
"""A shopper's own query counts as so many cut titles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTrainingRequest:
    """What is learned from, and whether it is put to use."""

    index: str
    judgments: Sequence[Judgments] = ()
    """Of people or from clicks: the kinds of a query's best products are its own. Empty: the
    catalogue's titles alone teach."""
    start: str = ""
    """Named model or folder that training starts from; empty: the encoder that reads the titles."""
    layers: int | None = None
    """Of a start that is no named encoder, evenly spread; `None`: what `classifier_start` keeps."""
    training: ClassifierTraining
    install: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTrainingOutcome:
    """How the candidate did against what tells categories now, on products it has not seen."""

    tested_on: str
    present: CategoryReport
    candidate: CategoryReport
    examples: int
    kinds: int
    steps: int
    share: float
    """What the transformer counts beside counted words, 0 to 1."""
    gain: float
    """Mean gain in the logarithm of the true kinds' probability, in nats."""
    gain_lower_bound: float
    """What the gain exceeds with the confidence of `evaluation.confidence`."""
    passed: bool
    reason: str
    installed: Path | None
    """Where the model is now; `None`: it was not installed."""


def train_category_model(
    request: CategoryTrainingRequest, settings: Settings, progress: ProgressListener | None = None
) -> CategoryTrainingOutcome:
    """Train a transformer on titles and queries, and install it if it is better.

    A fifth of the products and of the judged queries is held out to test both on.

    Raises:
        ConfigurationError: the extra `train` is missing, or the model cannot be written.
        IndexingError: the index has too little to learn from.
        RerankerModelError: the start is neither a named model nor a folder.
        RerankerTrainingError: the start cannot be trained.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    require_training_extra()
    documents = _sampled_products(request, settings)
    tested = _tested(documents, request)
    with tempfile.TemporaryDirectory(prefix="shopkeeper-categories-") as work:
        trained = _trained(documents, request, settings, Path(work), progress or SilentProgress())
        lexicon = _lexicon_without(documents, _TESTED)
        served = partial(TransformerCategories(trained.folder).mixed_shares, lexicon=lexicon)
        outcome = _judged(
            measure_categories(_present(lexicon, settings), tested),
            measure_categories(served, tested),
            trained,
            settings,
            queries=bool(request.judgments),
        )
        if outcome.passed and request.install:
            return replace(
                outcome, installed=install_folder(trained.folder, trained_folder(settings))
            )
    return outcome


def _tested(
    documents: Sequence[Mapping[str, Any]], request: CategoryTrainingRequest
) -> list[CategoryExample]:
    """Return the examples that the candidate has not seen.

    Raises:
        IndexingError: there are none.
    """
    tested = [
        each
        for each in _examples(documents, request, slips=False)
        if each.fold == _TESTED and None not in each.kinds
    ]
    if not tested:
        raise IndexingError(
            f"{request.index} has no products with a type or category to test on",
            remedy="map product types or categories in catalog.toml and reindex",
        )
    return tested


def _trained(
    documents: Sequence[Mapping[str, Any]],
    request: CategoryTrainingRequest,
    settings: Settings,
    work: Path,
    listener: ProgressListener,
) -> TrainedCategories:
    examples = _examples(documents, request, slips=True)
    start = classifier_start(
        request.start, [each["title"] for each in documents], work / "start", settings, listener,
        layers=request.layers, seed=request.training.seed,
    )  # fmt: skip
    return train_categories(
        [each for each in examples if each.fold not in (_TESTED, _MEASURED)],
        [each for each in examples if each.fold == _MEASURED],
        start,
        work / CATEGORIES_FOLDER,
        request.training,
        listener,
        beside=_lexicon_without(documents, _TESTED, _MEASURED),
    )


def _lexicon_without(documents: Sequence[Mapping[str, Any]], *folds: int) -> Lexicon:
    return learn_lexicon(each for each in documents if fold_of(str(each["id"])) not in folds)


def _examples(
    documents: Sequence[Mapping[str, Any]], request: CategoryTrainingRequest, *, slips: bool
) -> list[CategoryExample]:
    titles = title_examples(documents, seed=request.training.seed, slips=slips)
    kinds = {str(each["id"]): kind_of(each) for each in documents}
    graded = (
        (query.text, judgments.grades(query))
        for judgments in request.judgments
        for query in judgments.queries
    )
    judged = query_examples(graded, kinds)
    return [*titles, *judged * (_QUERY_TIMES if slips else 1)]


def _present(lexicon: Lexicon, settings: Settings) -> ShareTeller:
    installed = trained_categories(trained_folder(settings))
    if installed is None:
        return counted_words(lexicon)
    # It held out the same fifth of the products.
    return partial(installed.mixed_shares, lexicon=lexicon)


def _sampled_products(
    request: CategoryTrainingRequest, settings: Settings
) -> list[Mapping[str, Any]]:
    """Return a uniform sample of the products. Source: Vitter 1985, algorithm R."""
    client = search_engine_client(settings)
    choose = Random(request.training.seed)  # noqa: S311 - a sample is no secret
    sample: list[Mapping[str, Any]] = []
    generation = physical_index(client, request.index)
    for number, document in enumerate(scan_products(client, generation, _FIELDS)):
        if len(sample) < _SAMPLE:
            sample.append(document)
        elif (place := choose.randrange(number + 1)) < _SAMPLE:
            sample[place] = document
    client.close()
    if not sample:
        raise IndexingError(
            f"{request.index} has no products to learn from", remedy="reindex the catalogue first"
        )
    return sample


def _judged(
    present: tuple[CategoryReport, Sequence[float]],
    candidate: tuple[CategoryReport, Sequence[float]],
    trained: TrainedCategories,
    settings: Settings,
    *,
    queries: bool,
) -> CategoryTrainingOutcome:
    gains = [after - before for after, before in zip(candidate[1], present[1], strict=True)]
    bound = lower_bound(
        gains,
        confidence=settings.evaluation.confidence,
        resamples=settings.evaluation.resamples,
        seed=settings.evaluation.seed,
    )
    better = bound > 0 and candidate[0].accuracy >= present[0].accuracy
    return CategoryTrainingOutcome(
        tested_on="titles of products that the candidate has not seen, cut to query length"
        + (", and judged queries" if queries else ""),
        present=present[0],
        candidate=candidate[0],
        examples=trained.examples,
        kinds=trained.kinds,
        steps=trained.steps,
        share=trained.share,
        gain=sum(gains) / len(gains),
        gain_lower_bound=bound,
        passed=better,
        reason="it is better with confidence"
        if better
        else "it is not better with confidence, so what tells categories now stays",
        installed=None,
    )
