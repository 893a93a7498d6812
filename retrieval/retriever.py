"""Answers search requests, and notices when the index behind a name changes."""

from collections.abc import Callable
from time import perf_counter

from retrieval.deadline import Deadline
from retrieval.query_vector import EncoderProvider, query_vector
from retrieval.search_execution import SearchExecution
from retrieval.search_request import SearchRequest, SearchResponse
from search_core import IndexNotFoundError, SearchEngineError
from search_core.settings import RetrievalSettings
from search_engine import Generation, Searcher

_WARM_UP_SECONDS = 30.0
"""A model's first download is no part of it: only the look-up of the index is bounded."""


class Retriever:
    """Answers queries from one OpenSearch. One instance an event loop."""

    def __init__(
        self,
        searcher: Searcher,
        settings: RetrievalSettings,
        encoder_for: EncoderProvider | None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """Keep what is needed to answer.

        Args:
            searcher: sends the searches.
            settings: legs, fusion, deadline.
            encoder_for: gives the encoder of an index; `None` leaves the dense leg out.
            clock: seconds, for deadlines and timings.
        """
        self._searcher = searcher
        self._settings = settings
        self._encoder_for = encoder_for
        self._clock = clock
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
        deadline = Deadline(self._settings.deadline_ms / 1000, self._clock)
        known = self._generations.get(index)
        try:
            response = await self._answer(index, request, deadline)
        except (SearchEngineError, IndexNotFoundError):
            # Perhaps the generation changed under us, and with it the vectors' dimension.
            if known is None or await self._described(index, deadline, anew=True) == known:
                raise
            return await self._answer(index, request, deadline)
        if response.generation != self._generations[index].name:
            await self._described(index, deadline, anew=True)
            response = await self._answer(index, request, deadline)
        return response

    async def warm_up(self, index: str) -> None:
        """Look up the index and load its encoder, outside of any deadline.

        Raises:
            IndexNotFoundError: there is no such index.
            EncoderMismatchError: as for `search`.
            SearchEngineError: OpenSearch cannot be reached.
        """
        generation = await self._searcher.generation(index, _WARM_UP_SECONDS)
        self._generations[index] = generation
        if self._settings.dense:
            await query_vector("warm-up", generation.description.encoder, self._encoder_for)

    async def _described(self, index: str, deadline: Deadline, *, anew: bool = False) -> Generation:
        if anew or index not in self._generations:
            self._generations[index] = await self._searcher.generation(
                index, deadline.seconds_left()
            )
        return self._generations[index]

    async def _answer(
        self, index: str, request: SearchRequest, deadline: Deadline
    ) -> SearchResponse:
        generation = await self._described(index, deadline)
        search = SearchExecution(
            self._searcher, self._settings, self._encoder_for, index, request, generation, deadline
        )
        if request.sort is not None or not request.plan.text:
            return await search.ordered()
        return await search.fused()
