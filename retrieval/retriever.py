"""Answers search requests, and notices when the index behind a name changes."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import TypeVar

from reranker import Reranker
from retrieval.deadline import Deadline
from retrieval.query_vector import EncoderProvider, QueryVectors
from retrieval.ranked_result import RankedResult
from retrieval.recurring_queries import QueryMemory, RecurringQueries
from retrieval.search_execution import SearchExecution
from retrieval.search_request import SearchRequest, SearchResponse
from retrieval.window_reranking import WindowReranking
from search_core import IndexNotFoundError, QueryPlan, SearchEngineError
from search_core.settings import RetrievalSettings
from search_engine import Generation, Searcher

_Answer = TypeVar("_Answer", SearchResponse, RankedResult)

_WARM_UP_SECONDS = 30.0
"""A model's first download is no part of it: only the look-up of the index is bounded."""
_RERANKER_SECONDS = 10.0
"""For cross-encoders that are slow to load; they go on loading beside the searches."""


class Retriever:
    """Answers queries from one OpenSearch. One instance an event loop."""

    def __init__(
        self,
        searcher: Searcher,
        settings: RetrievalSettings,
        encoder_for: EncoderProvider | None,
        clock: Callable[[], float] = perf_counter,
        reranking: WindowReranking | None = None,
    ) -> None:
        """Keep what is needed to answer.

        Args:
            searcher: sends the searches.
            settings: legs, fusion, deadline.
            encoder_for: gives the encoder of an index; `None` leaves the dense leg out.
            clock: seconds, for deadlines and timings.
            reranking: puts the best candidates in a better order; `None`: fusion's order stays.
        """
        self._searcher = searcher
        self._settings = settings
        self._memory = QueryMemory(
            vectors=QueryVectors(encoder_for, clock, settings.remembered_vectors),
            recurring=RecurringQueries(settings.recurring_queries),
        )
        self._clock = clock
        self._reranking = reranking
        self._generations: dict[str, Generation] = {}

    async def search(self, index: str, request: SearchRequest) -> SearchResponse:
        """Answer one request.

        Args:
            index: an alias, or a generation.
            request: what is wanted.

        Raises:
            IndexNotFoundError: there is no such index.
            EncoderMismatchError: the settings name another model than the index was encoded with.
            FilterError: a filter, facet or sort that cannot be understood.
            SearchEngineError: OpenSearch did not answer in time, or not at all.
        """
        return await self._current(index, request, _answered)

    async def ranking(self, index: str, request: SearchRequest) -> RankedResult:
        """Rank the candidates of a request, and leave the fetching of its page to the caller.

        For callers that show documents in a way of their own, such as the OpenSearch proxy.

        Args:
            index: an alias, or a generation.
            request: its plan has a text; facets, sort and page are not looked at.

        Raises:
            ShopkeeperError: as `search`.
        """
        return await self._current(index, request, SearchExecution.ranked)

    async def warm_up(self, index: str) -> None:
        """Look up the index, load its encoder and all cross-encoders, outside of any deadline.

        A cross-encoder that does not answer is logged: searches go without it.

        Raises:
            IndexNotFoundError: there is no such index.
            EncoderMismatchError: as for `search`.
            SearchEngineError: OpenSearch cannot be reached.
        """
        generation = await self._searcher.generation(index, _WARM_UP_SECONDS)
        self._generations[index] = generation
        if self._reranking is not None:
            self._reranking.tell_of_encoder(generation.description.encoder)
            await self._reranking.warm_up(_RERANKER_SECONDS)
        if self._settings.dense:
            await self._memory.vectors.vector("warm-up", generation.description.encoder)

    @property
    def deadline_seconds(self) -> float:
        """How long an answer may take."""
        return self._settings.deadline_ms / 1000

    @property
    def reranker(self) -> Reranker | None:
        """What scores the best candidates; `None`: nothing does."""
        return None if self._reranking is None else self._reranking.reranker

    @property
    def reranks(self) -> bool:
        """Whether a cross-encoder reads the best candidates, when all is well."""
        return self.reranker is not None

    @property
    def reranking(self) -> WindowReranking | None:
        """What puts the best candidates in a better order; `None`: fusion's order stays."""
        return self._reranking

    async def reranking_model(self) -> str | None:
        """Return the models that rerank now, by name and content; `None`: there are none.

        Raises:
            RerankerError: it does not answer.
        """
        if self._reranking is None:
            return None
        return await self._reranking.model_id(_WARM_UP_SECONDS)

    async def rank(self, generation: str, plan: QueryPlan) -> tuple[str, ...]:
        """Rank the candidates of a plan, without a page.

        For measuring many settings on the same queries: with `RememberedLegs` as the searcher, only
        legs that a setting changes are asked again, and with a reranker that remembers scores, only
        pairs that are new are scored.

        Args:
            generation: a physical index, not an alias: what is remembered would outlive a swap.
            plan: with a text.

        Returns:
            Product ids, best first.

        Raises:
            IndexNotFoundError: there is no such index.
            EncoderMismatchError: the settings name another model than the index was encoded with.
            SearchEngineError: OpenSearch did not answer in time, or not at all.
        """
        deadline = Deadline(self._settings.deadline_ms / 1000, self._clock)
        described = await self._described(generation, deadline)
        search = self._execution(generation, SearchRequest(plan=plan), described, deadline)
        ranked = await search.ranked()
        return tuple(ranked.ids())

    async def _described(self, index: str, deadline: Deadline, *, anew: bool = False) -> Generation:
        if anew or index not in self._generations:
            self._generations[index] = await self._searcher.generation(
                index, deadline.seconds_left()
            )
        return self._generations[index]

    async def _current(
        self,
        index: str,
        request: SearchRequest,
        step: Callable[[SearchExecution], Awaitable[_Answer]],
    ) -> _Answer:
        """Take a step, and once more where the generation behind the name has changed."""
        settings = request.settings or self._settings
        deadline = Deadline(settings.deadline_ms / 1000, self._clock)
        known = self._generations.get(index)

        async def attempt() -> _Answer:
            generation = await self._described(index, deadline)
            execution = self._execution(index, request, generation, deadline)
            return await step(execution)

        try:
            answer = await attempt()
        except (SearchEngineError, IndexNotFoundError):
            # Perhaps the generation changed under us, and with it the vectors' dimension.
            if known is None or await self._described(index, deadline, anew=True) == known:
                raise
            return await attempt()
        if answer.generation != self._generations[index].name:
            await self._described(index, deadline, anew=True)
            answer = await attempt()
        return answer

    def _execution(
        self,
        index: str,
        request: SearchRequest,
        generation: Generation,
        deadline: Deadline,
    ) -> SearchExecution:
        searcher = self._searcher
        if request.headers:
            searcher = searcher.on_behalf_of(request.headers)
        settings = request.settings or self._settings
        return SearchExecution(
            searcher,
            settings,
            self._memory,
            index,
            request,
            generation,
            deadline,
            self._reranking,
        )


async def _answered(search: SearchExecution) -> SearchResponse:
    if search.is_ordered:
        return await search.ordered()
    return await search.fused()
