"""One call of `shopkeeper reranker fit`: windows of judged queries, learning, proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from evaluation import (
    JudgedQuery,
    Judgments,
    LearningOutcome,
    RankQuery,
    ValidationOptions,
    parse_measures,
    validate_learning,
)
from reranker.mixing import JudgedWindow, MixingModel, fit_linear, fit_trees
from search_core import ProgressListener, RerankerTrainingError
from search_core.settings import RerankerKind, Settings
from search_engine import description_of, physical_index, translated_errors
from shopkeeper.composition import search_engine_client
from shopkeeper.learned_conditions import learned_conditions
from shopkeeper.ranked_windows import RankedWindows, ranked_windows

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

_REPORTED = ("nDCG@10", "Judged@10", "R@100")


class MixingMethod(StrEnum):
    """How a mixing is learned."""

    LINEAR = "linear"
    """Weights of features, pulled towards those of the settings."""
    TREES = "trees"
    """LambdaMART: small trees that correct the settings' mix."""


_CHOICES: Mapping[MixingMethod, tuple[float, ...]] = MappingProxyType({
    MixingMethod.LINEAR: (10.0, 3.0, 1.0, 0.3, 0.1, 0.03),
    MixingMethod.TREES: (10.0, 25.0, 50.0, 100.0),
})  # fmt: skip
"""Pull towards the start, or number of trees; the most cautious first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRequest:
    """What is learned from, and how."""

    judgments: Judgments
    index: str
    method: MixingMethod = MixingMethod.LINEAR
    unjudged: float = 0.3
    """Weight of products that nobody rated, as grade 0; 0: they teach nothing."""
    measure: str | None = None
    """`None`: the first of `evaluation.measures`."""
    folds: int = 5
    seed: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSession:
    """What came out."""

    outcome: LearningOutcome
    model: MixingModel
    """Learned from all queries; where nothing was worth learning, the settings' mix."""
    generation: str
    """The physical index that was searched."""
    unread: int
    """Queries whose window keeps its order: one product, or a language that is not read."""


def fit_mixing(request: FitRequest, settings: Settings, progress: ProgressListener) -> FitSession:
    """Learn how to mix the rerank window, and measure what that is worth on held-out queries.

    Raises:
        RerankerError: the reranker does not answer.
        RerankerTrainingError: LightGBM is missing, or no window was read.
        EvaluationError: too few queries, or a query that is not answered.
        SearchEngineError: OpenSearch cannot be reached.
    """
    measure = request.measure or settings.evaluation.measures[0]
    measures = parse_measures(list(dict.fromkeys((measure, *_REPORTED))))
    queries = request.judgments.measurable()
    judgments = request.judgments.only(queries)
    client = search_engine_client(settings)
    generation = physical_index(client, request.index)
    windows = ranked_windows(settings, generation, queries, progress)
    start = replace(
        _start(settings),
        cross_encoder=windows.cross_encoder,
        encoder=_encoder_of(client, generation),
        learned_under=learned_conditions(settings),
    )
    learner = _Learner(windows, judgments, request, start)
    outcome = validate_learning(
        learner.learn,
        lambda query: windows.by_key[query.key].present,
        _CHOICES[request.method],
        judgments,
        measures,
        settings.evaluation,
        ValidationOptions(folds=request.folds, seed=request.seed),
        progress,
    )
    return FitSession(
        outcome=outcome,
        model=learner.model(queries, outcome.chosen),
        generation=generation,
        unread=sum(not window.window for window in windows.by_key.values()),
    )


def _encoder_of(client: "OpenSearch", generation: str) -> str:
    """Return the model of the index's vectors by name and content; empty: it has none."""
    with translated_errors():
        (body,) = client.indices.get_mapping(index=generation).values()
    description = description_of(body["mappings"])
    encoder = None if description is None else description.encoder
    return "" if encoder is None else encoder.model_id


def _start(settings: Settings) -> MixingModel:
    section = settings.reranker
    return MixingModel.usual(None if section.kind is RerankerKind.NONE else section.weight)


class _Learner:
    """Learns mixings from the windows of some of the queries."""

    def __init__(
        self,
        windows: RankedWindows,
        judgments: Judgments,
        request: FitRequest,
        start: MixingModel,
    ) -> None:
        self._windows = windows.by_key
        self._request = request
        self._start = start
        self._judged: dict[str, JudgedWindow] = {}
        for query in judgments.queries:
            judged = self._windows[query.key].judged(judgments.grades(query))
            if judged is not None:
                self._judged[query.key] = judged
        if not self._judged:
            raise RerankerTrainingError(
                "no window of the judged queries was read, so that there is nothing to learn from",
                remedy="set a reranker that reads their language, or none (reranker.kind=none)",
            )

    def learn(self, queries: Sequence[JudgedQuery], choice: float) -> RankQuery:
        model = self.model(queries, choice)
        return lambda query: self._windows[query.key].ranked_by(model)

    def model(self, queries: Sequence[JudgedQuery], choice: float | None) -> MixingModel:
        """Return what is learned from queries; without a choice, the settings' mix."""
        if choice is None:
            return self._start
        learned = self._learned(queries, choice)
        return replace(
            self._start, weights=learned.weights, trees=learned.trees, queries=learned.queries
        )

    def _learned(self, queries: Sequence[JudgedQuery], choice: float) -> MixingModel:
        judged = [self._judged[query.key] for query in queries if query.key in self._judged]
        unjudged = self._request.unjudged
        if self._request.method is MixingMethod.LINEAR:
            return fit_linear(judged, self._start, pull=choice, unjudged=unjudged)
        return fit_trees(
            judged, self._start, trees=int(choice), unjudged=unjudged, seed=self._request.seed
        )
