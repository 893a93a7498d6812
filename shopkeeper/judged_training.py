"""One call of `shopkeeper reranker validate`: what judgments teach, measured before it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evaluation import (
    Answer,
    Comparison,
    JudgedQuery,
    Judgments,
    Run,
    compare,
    measure_run,
    parse_measures,
)
from model_training import require_training_extra
from reranker import Pair, can_read
from reranker.mixing import CROSS_ENCODER, FEATURES, MixingModel
from reranker.training import (
    HeldOutLogits,
    TrainingCatalogue,
    groups_from_judgments,
    held_out_logits,
    require_frozen_layers,
    start_languages,
    training_start,
)
from retrieval import min_max_normalised
from search_core import ProgressListener
from search_core.settings import RerankerKind, Settings
from search_engine import physical_index
from shopkeeper.composition import artifact_store, search_engine_client
from shopkeeper.ranked_windows import RankedWindow, ranked_windows
from shopkeeper.reranker_training import judged_products, training_catalogue

_REPORTED = ("nDCG@10", "nDCG(judged_only=True)@10", "Judged@10", "R@100")
_LOGITS = list(FEATURES).index(CROSS_ENCODER)
START = "as it starts"
TRAINED = "trained on other queries"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTraining:
    """What learning from judgments is worth to a search."""

    comparisons: tuple[Comparison, ...]
    """The search without a cross-encoder against the start, and against what was trained."""
    queries: int
    unread: int
    """Queries among them that keep their order: one product, or a language that is not read."""

    @property
    def of_training(self) -> Comparison:
        """What was trained, against no cross-encoder."""
        return self.comparisons[-1]

    @property
    def is_better(self) -> bool:
        """Whether search gains on queries that were not learned from, beyond doubt."""
        return self.of_training.deciding.interval.low > 0

    @property
    def verdict(self) -> str:
        """What to do, in a sentence."""
        start, trained = (each.deciding.candidate_mean for each in self.comparisons)
        if not self.is_better:
            return (
                "The gain on queries that it never saw is no larger than chance gives: leave the "
                "reranker off, or judge more queries."
            )
        if trained <= start:
            return "Search gains by the start as it is, and training adds nothing: take the start."
        return "Search gains on queries that it never saw: train on all, export and publish."


def validate_training(
    judgments: Judgments, index: str, folds: int, settings: Settings, progress: ProgressListener
) -> JudgedTraining:
    """Train on parts of the judgments, and put the windows of the others in order with the result.

    Logits count as much as `reranker.weight` says, in a window of `reranker.rerank_window`.

    Args:
        judgments: of all queries.
        index: alias or generation.
        folds: parts that the queries are dealt out into, each held out once.
        settings: of search and training.
        progress: told of what is done.

    Raises:
        RerankerTrainingError: the extra `train` is missing, no layer is frozen, or there are too
            few queries.
        MeasuredSystemError: a query is not answered.
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch cannot be reached.
    """
    require_training_extra()
    require_frozen_layers(settings.reranker.training)
    queries = judgments.measurable()
    generation = physical_index(search_engine_client(settings), index)
    windows = ranked_windows(_without_reranker(settings), generation, queries, progress).by_key
    start = training_start(settings.reranker.training.start, artifact_store(settings, progress))
    languages = settings.reranker.languages or start_languages(start)
    catalogue = training_catalogue(index, settings)
    pairs = _pairs(queries, windows, catalogue, languages)
    logits = held_out_logits(
        groups_from_judgments(
            judged_products(judgments, languages), catalogue, settings.reranker.training
        ),
        _by_text(judgments, pairs),
        start,
        settings.reranker.training,
        folds,
        progress,
    )
    return JudgedTraining(
        comparisons=_compared(judgments.only(queries), windows, pairs, logits, settings),
        queries=len(queries),
        unread=len(queries) - len(pairs),
    )


def _compared(
    judgments: Judgments,
    windows: Mapping[str, RankedWindow],
    pairs: Mapping[str, Sequence[Pair]],
    logits: HeldOutLogits,
    settings: Settings,
) -> tuple[Comparison, ...]:
    """Measure the windows as they are, and put in order by the start and by what was trained."""
    weight = settings.reranker.weight
    systems = {
        "without cross-encoder": {key: window.present for key, window in windows.items()},
        START: _reordered(windows, pairs, logits.start, weight),
        TRAINED: _reordered(windows, pairs, logits.trained, weight),
    }
    present, *others = (
        measure_run(
            Run(name=name, answers={key: Answer(product_ids=ids) for key, ids in found.items()}),
            judgments,
            parse_measures(_REPORTED),
        )
        for name, found in systems.items()
    )
    return compare(present, others, settings.evaluation)


def _without_reranker(settings: Settings) -> Settings:
    changed = {"kind": RerankerKind.NONE, "mixing_model": None}
    return settings.model_copy(update={"reranker": settings.reranker.model_copy(update=changed)})


def _pairs(
    queries: Sequence[JudgedQuery],
    windows: Mapping[str, RankedWindow],
    catalogue: TrainingCatalogue,
    languages: Sequence[str],
) -> dict[str, tuple[Pair, ...]]:
    """Return key of a query → the pairs of its window, of those queries that are read."""
    passages = {product.id: product.passage for product in catalogue.products}
    return {
        query.key: tuple((query.text, passages.get(each, "")) for each in windows[query.key].window)
        for query in queries
        if windows[query.key].window
        and can_read(languages, query.text, windows[query.key].language)
    }


def _by_text(
    judgments: Judgments, pairs: Mapping[str, Sequence[Pair]]
) -> dict[str, tuple[Pair, ...]]:
    """Return query → its pairs; one that was judged with several filters has those of all."""
    found: dict[str, tuple[Pair, ...]] = {}
    for query in judgments.queries:
        found[query.text] = (*found.get(query.text, ()), *pairs.get(query.key, ()))
    return found


def _reordered(
    windows: Mapping[str, RankedWindow],
    pairs: Mapping[str, Sequence[Pair]],
    logits: Mapping[Pair, float],
    weight: float,
) -> dict[str, tuple[str, ...]]:
    """Return key of a query → its products, the window mixed with logits as a search does."""
    model = MixingModel.usual(weight)
    answers = {}
    for key, window in windows.items():
        answers[key] = window.present
        if key in pairs and window.features is not None:
            features = window.features.copy()
            features[:, _LOGITS] = min_max_normalised([logits[pair] for pair in pairs[key]])
            answers[key] = replace(window, features=features).ranked_by(model)
    return answers
