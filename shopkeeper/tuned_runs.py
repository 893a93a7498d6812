"""Judged queries under many settings: legs are asked once, pairs scored once, the rest repeated."""

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from evaluation import Answer, JudgedQuery, Run
from retrieval import Retriever, SearchRequest, WindowReranking, parse_filter
from search_core import EncoderIdentity, MeasuredSystemError, QueryPlan, ShopkeeperError
from search_core.settings import RerankerSettings, RetrievalSettings, Settings
from search_engine import DocumentMemory, Leg, RememberedLegs, connect_async
from shopkeeper.composition import (
    encoder_provider,
    mixing_model,
    query_understanding,
    search_engine_settings,
)
from shopkeeper.configuration import setting_names
from shopkeeper.tuned_reranking import InsistentReranker, open_insistent_reranker

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval import EncoderProvider
    from search_core import ProgressListener, TextEncoder

_AT_ONCE = 4
"""Queries under way at once: enough to keep a node of two cores busy."""
_PATIENT_MS = 60_000
"""Nobody waits for these answers, so neither deadlines nor budgets of milliseconds bound them."""
_SCORING_MS = 600_000
"""Instead, for queries whose pairs may have to be scored, with large windows and without a GPU."""
_DOCUMENT_BYTES = 256_000_000
"""Documents kept for the passages of the reranker, some 2.5 kB a candidate. More candidates than
that are right as well, and fetched again."""
_LOOK_UP_SECONDS = 30.0
_SCORING = "scoring pairs"
_SETTINGS_REMEMBERED = 6
"""Settings whose leg answers are kept, for those that only fuse otherwise or change one leg. More
only fill the memory: a setting that comes again is known by its measure."""


class TunedRuns:
    """Answers the judged queries with any setting of `[retrieval]`, and `[reranker]` if wanted."""

    def __init__(
        self,
        runner: asyncio.Runner,
        searcher: RememberedLegs,
        generation: str,
        settings: Settings,
        encoder_for: "EncoderProvider",
        plans: Mapping[str, QueryPlan],
        reranker: InsistentReranker | None = None,
    ) -> None:
        self._runner = runner
        self._searcher = searcher
        self._settings = settings
        self._encoder_for = encoder_for
        self._plans = plans
        self._reranker = reranker
        # Read once: a file that is written meanwhile must not mix two models in one study.
        self._mixing = mixing_model(settings)
        self.generation = generation
        """The physical index that is searched: a swap of the alias changes nothing here."""

    @property
    def identity(self) -> str:
        """All that the answers depend on beside what `run_with` is given."""
        plans = repr(sorted(self._plans.items())).encode()
        digest = hashlib.blake2b(plans, digest_size=16).hexdigest()
        known = f"{self.generation} {digest} {self._settings.retrieval.model_dump_json()}"
        if self._reranker is None:
            return known
        mixes = "" if self._mixing is None else f" mixing@{self._mixing.digest}"
        reranker = self._settings.reranker.model_dump_json()
        return f"{known} {self._reranker.wanted_model} {reranker}{mixes}"

    def run_with(self, setting: Mapping[str, Any]) -> Run:
        """Return the ranked candidates of every query.

        Args:
            setting: dotted name → value, each in `[retrieval]` or `[reranker]`.

        Raises:
            MeasuredSystemError: a query was not answered.
        """
        return self._run(setting, lambda: None)

    def score_window(self, window: int, progress: "ProgressListener") -> None:
        """Score the largest window once, so that trials with it or a narrower one only mix.

        Not left to the trials: a quantised model's score depends on the pairs that it is computed
        with (docs/tuning.md), and must not depend on which window was tried first.

        Args:
            window: pairs of a query.
            progress: told of each query.

        Raises:
            MeasuredSystemError: a query was not answered.
        """
        progress.start(_SCORING, len(self._plans), "queries")
        try:
            self._run({"reranker.rerank_window": window}, lambda: progress.advance(_SCORING, 1))
        finally:
            progress.finish(_SCORING)

    def _run(self, setting: Mapping[str, Any], done: Callable[[], None]) -> Run:
        retriever = self._retriever(settings_with(self._settings, setting))
        return Run(name="tuned", answers=self._runner.run(self._answers(retriever, done)))

    def _retriever(self, settings: Settings) -> Retriever:
        patience = _PATIENT_MS if self._reranker is None else _SCORING_MS
        reranking = None
        if self._reranker is not None:
            patient = settings.reranker.model_copy(update={"timeout_ms": patience})
            reranking = WindowReranking(self._reranker, patient, self._mixing)
        return Retriever(
            self._searcher,
            settings.retrieval.model_copy(update={"deadline_ms": patience}),
            self._encoder_for,
            reranking=reranking,
        )

    async def _answers(self, retriever: Retriever, done: Callable[[], None]) -> dict[str, Answer]:
        permits = asyncio.Semaphore(_AT_ONCE)

        async def answer(plan: QueryPlan) -> Answer:
            async with permits:
                try:
                    ranking = await self._ranking(retriever, plan)
                except ShopkeeperError as error:
                    raise MeasuredSystemError(
                        f"{plan.original_text!r} was not answered: {error.message}",
                        remedy=error.remedy,
                    ) from error
            done()
            return Answer(product_ids=ranking)

        found = await asyncio.gather(*(answer(plan) for plan in self._plans.values()))
        return dict(zip(self._plans, found, strict=True))

    async def _ranking(self, retriever: Retriever, plan: QueryPlan) -> tuple[str, ...]:
        if plan.text:
            return await retriever.rank(self.generation, plan)
        # Browsing: nothing is fused or reranked, the result is ordered by popularity.
        request = SearchRequest(plan=plan, size=self._settings.retrieval.candidates)
        response = await retriever.search(self.generation, request)
        return tuple(hit.product_id for hit in response.hits)


@contextmanager
def open_tuned_runs(
    settings: Settings,
    index: str,
    queries: Sequence[JudgedQuery],
    progress: "ProgressListener | None" = None,
    *,
    reranked: bool = False,
) -> Iterator[TunedRuns]:
    """Yield runs over an index, and close the connections afterwards.

    Args:
        settings: what is not tuned.
        index: alias or generation.
        queries: that are answered.
        progress: told of downloads.
        reranked: whether rankings are reranked; `False`: they end with fusion.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch cannot be reached.
        RerankerError: rankings are to be reranked, and the reranker does not answer.
    """
    with asyncio.Runner() as runner:
        searcher = RememberedLegs(
            runner.run(_connected(settings)),  # the client belongs to the loop it is made in
            capacity=_SETTINGS_REMEMBERED * len(Leg) * len(queries),
            memory=DocumentMemory(_DOCUMENT_BYTES) if reranked else None,
        )
        stack = AsyncExitStack()
        stack.push_async_callback(searcher.close)
        try:
            found = runner.run(searcher.generation(index, _LOOK_UP_SECONDS))
            provider = _remembering(encoder_provider(settings, progress))
            plans = runner.run(_plans(settings, found.name, queries))
            reranker = None
            if reranked:
                opening = open_insistent_reranker(settings, len(queries), progress)
                reranker = runner.run(stack.enter_async_context(opening))
            yield TunedRuns(runner, searcher, found.name, settings, provider, plans, reranker)
        finally:
            runner.run(stack.aclose())


def settings_with(settings: Settings, setting: Mapping[str, Any]) -> Settings:
    """Return the settings with some of `[retrieval]` and `[reranker]` changed, checked anew."""
    tree: dict[str, Any] = {
        "retrieval": settings.retrieval.model_dump(),
        "reranker": settings.reranker.model_dump(),
    }
    for name, value in setting.items():
        *sections, key = name.split(".")
        place = tree
        for section in sections:
            place = place[section]
        place[key] = value
    changed = {
        "retrieval": RetrievalSettings.model_validate(tree["retrieval"]),
        "reranker": RerankerSettings.model_validate(tree["reranker"]),
    }
    return settings.model_copy(update=changed)


def present_values(settings: Settings) -> dict[str, Any]:
    """Return every setting's dotted name and value, enumerations as their text."""
    tree = settings.model_dump(mode="json")
    values: dict[str, Any] = {}
    for name in setting_names():
        place: Any = tree
        for part in name.split("."):
            place = place[part]
        values[name] = place
    return values


async def _plans(
    settings: Settings, generation: str, queries: Sequence[JudgedQuery]
) -> dict[str, QueryPlan]:
    """Understand every query once, each unit with all the time it takes: by query's key."""
    patient = settings.query_understanding.model_copy(
        update={"budget_ms": _PATIENT_MS, "unit_budget_ms": _PATIENT_MS}
    )
    understanding = query_understanding(
        settings.model_copy(update={"query_understanding": patient})
    )
    plans = {}
    for query in queries:
        filters = tuple(map(parse_filter, query.filters))
        plans[query.key] = (
            QueryPlan.plain(query.text, filters)
            if understanding is None
            else await understanding.plan(generation, query.text, filters)
        )
    return plans


async def _connected(settings: Settings) -> Any:  # noqa: ANN401 - the client's type is search_engine's
    return connect_async(search_engine_settings(settings))


def _remembering(encoder_for: "EncoderProvider") -> "EncoderProvider":
    """Encode each query once for each model."""
    known: dict[str, _RememberedQueries] = {}
    lock = threading.Lock()

    def provide(identity: EncoderIdentity) -> "TextEncoder":
        with lock:
            if identity.model_id not in known:
                known[identity.model_id] = _RememberedQueries(encoder_for(identity))
            return known[identity.model_id]

    return provide


class _RememberedQueries:
    """An encoder that keeps the vectors of queries."""

    def __init__(self, encoder: "TextEncoder") -> None:
        self._encoder = encoder
        self._vectors: dict[str, NDArray[np.float32]] = {}

    @property
    def identity(self) -> EncoderIdentity:
        return self._encoder.identity

    def encode_passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        return self._encoder.encode_passages(texts)

    def encode_query(self, text: str) -> "NDArray[np.float32]":
        if text not in self._vectors:
            self._vectors[text] = self._encoder.encode_query(text)
        return self._vectors[text]
