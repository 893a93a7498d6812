"""The rerank windows of judged queries, with all that a learned mixing looks at."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evaluation import JudgedQuery
from query_understanding import QueryUnderstanding
from reranker.mixing import FEATURES, JudgedWindow, MixingModel
from retrieval import RankedResult, Retriever, SearchRequest, parse_filter, window_features
from search_core import MeasuredSystemError, QueryPlan, RerankerError, ShopkeeperError
from search_core.settings import RerankerKind, Settings
from shopkeeper.composition import mixing_model, open_retriever, query_understanding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search_core import ProgressListener

_TASK = "ranking and scoring"
_AT_ONCE = 2
"""Queries under way at once: scoring keeps all cores busy as it is."""
_PATIENT_MS = 600_000
"""Nobody waits for these answers."""
_LOADING_SECONDS = 60.0
_DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedWindow:
    """What the present search answers to a query, and what its window can be reordered by."""

    present: tuple[str, ...]
    """Product ids in the present order, with what lies below the window."""
    window: tuple[str, ...] = ()
    """Product ids in fusion's order; empty: the window was not read, and its order stays."""
    exact_codes: frozenset[str] = frozenset()
    """Products whose code is the query: they stay first."""
    features: "NDArray[np.float64] | None" = None
    """`(len(window), len(FEATURES))`; `None`: the window is empty."""
    signals: tuple[float, ...] = ()
    """What business signals add to each product of the window."""
    language: str | None = None
    """ISO 639-1 code of the query; `None`: not known."""

    def ranked_by(self, model: MixingModel) -> tuple[str, ...]:
        """Return the product ids in a model's order."""
        if self.features is None:
            return self.present
        scores = model.scores(self.features) + np.array(self.signals)
        by_id = dict(zip(self.window, scores.tolist(), strict=True))
        first = sorted(
            self.window, key=lambda each: (each not in self.exact_codes, -by_id[each], each)
        )
        return (*first, *self.present[len(first) :])

    def judged(self, grades: Mapping[str, int]) -> JudgedWindow | None:
        """Return what can be learned from; `None`: the window was not read.

        Args:
            grades: by product id, at least one above 0.
        """
        if self.features is None:
            return None
        kept = [place for place, each in enumerate(self.window) if each not in self.exact_codes]
        best = sorted(grades.values(), reverse=True)[:_DEPTH]
        return JudgedWindow(
            features=self.features[kept],
            grades=np.array([grades.get(self.window[place], math.nan) for place in kept]),
            ideal=sum(grade / math.log2(rank + 1) for rank, grade in enumerate(best, start=1)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedWindows:
    """The windows of all judged queries."""

    by_key: Mapping[str, RankedWindow]
    """Query's key → its window."""
    cross_encoder: str
    """Name and content of what read them; empty: nothing did."""


def ranked_windows(
    settings: Settings, index: str, queries: Sequence[JudgedQuery], progress: "ProgressListener"
) -> RankedWindows:
    """Answer queries with the present search, and keep their windows.

    Raises:
        RerankerError: the reranker does not answer.
        MeasuredSystemError: a query is not answered.
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch cannot be reached.
    """
    return asyncio.run(_ranked(settings, index, queries, progress))


async def _ranked(
    settings: Settings, index: str, queries: Sequence[JudgedQuery], progress: "ProgressListener"
) -> RankedWindows:
    patient = _patient(settings)
    weight = None if settings.reranker.kind is RerankerKind.NONE else settings.reranker.weight
    mixing = mixing_model(settings) or MixingModel.usual(weight)
    understanding = query_understanding(patient)
    permits = asyncio.Semaphore(_AT_ONCE)
    async with open_retriever(patient, progress, mixing=mixing) as retriever:
        await retriever.warm_up(index)
        reranker = retriever.reranker
        reads = None if reranker is None else await reranker.model_id(_LOADING_SECONDS)
        progress.start(_TASK, len(queries), "queries")

        async def answered(query: JudgedQuery) -> RankedWindow:
            async with permits:
                try:
                    window = await _window(retriever, understanding, index, query)
                except RerankerError:
                    raise
                except ShopkeeperError as error:
                    raise MeasuredSystemError(
                        f"{query.text!r} was not answered: {error.message}", remedy=error.remedy
                    ) from error
            progress.advance(_TASK, 1)
            return window

        try:
            windows = await asyncio.gather(*map(answered, queries))
        finally:
            progress.finish(_TASK)
    return RankedWindows(
        by_key={query.key: window for query, window in zip(queries, windows, strict=True)},
        cross_encoder=reads or "",
    )


async def _window(
    retriever: Retriever, understanding: QueryUnderstanding | None, index: str, query: JudgedQuery
) -> RankedWindow:
    filters = tuple(map(parse_filter, query.filters))
    plan = QueryPlan.plain(query.text, filters)
    if understanding is not None:
        plan = await understanding.plan(index, query.text, filters)
    if not plan.text:
        found = await retriever.search(index, SearchRequest(plan=plan, size=100))
        return RankedWindow(present=tuple(hit.product_id for hit in found.hits))
    ranked = await retriever.ranking(index, SearchRequest(plan=plan))
    failure = next((each for each in ranked.degraded if each.startswith("without reranker")), None)
    if failure is not None:
        raise RerankerError(
            f"there are no rerank scores for {query.text!r}: {failure}",
            remedy="run it again once `shopkeeper reranker try` has scores",
        )
    return _read_window(ranked)


def _read_window(ranked: RankedResult) -> RankedWindow:
    present = tuple(each.product_id for each in ranked.candidates)
    mixed = ranked.mixed
    if not any(each.learned for each in mixed.values()):
        # A language that the cross-encoder does not read: the order is not the mixing's.
        return RankedWindow(present=present)
    window = sorted(
        ranked.candidates[: len(mixed)], key=lambda each: mixed[each.product_id].fused_rank
    )
    logits = [mixed[each.product_id].rerank_score for each in window]
    documents = [
        ranked.documents[each.product_id].document if each.product_id in ranked.documents else {}
        for each in window
    ]
    read = [each for each in logits if each is not None]
    return RankedWindow(
        present=present,
        window=tuple(each.product_id for each in window),
        exact_codes=frozenset(each.product_id for each in window if each.exact_code),
        features=window_features(ranked, window, documents, read or None),
        language=ranked.plan.language,
        signals=tuple(
            sum(part.value for part in mixed[each.product_id].parts if part.leg not in FEATURES)
            for each in window
        ),
    )


def _patient(settings: Settings) -> Settings:
    budgets = {"budget_ms": _PATIENT_MS, "unit_budget_ms": _PATIENT_MS}
    return settings.model_copy(
        update={
            "retrieval": settings.retrieval.model_copy(update={"deadline_ms": _PATIENT_MS}),
            "reranker": settings.reranker.model_copy(update={"timeout_ms": _PATIENT_MS}),
            "query_understanding": settings.query_understanding.model_copy(update=budgets),
        }
    )
