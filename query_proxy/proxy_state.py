"""What a worker knows about its own readiness."""

import logging
from collections.abc import Sequence

from query_proxy.planner import Planner
from query_proxy.settings_state import SettingsState
from query_proxy.upstream import Upstream
from retrieval import Retriever, WindowReranking
from search_core import SearchEngineError, ShopkeeperError

_logger = logging.getLogger(__name__)

_PROBE_SECONDS = 2.0
_OK = 200


class ProxyState:
    """Ready once the models are loaded, and until the worker is told to end."""

    def __init__(
        self,
        upstream: Upstream,
        retriever: Retriever,
        planner: Planner,
        indices: Sequence[str],
        settings: SettingsState,
    ) -> None:
        """Keep what is looked at.

        Args:
            upstream: OpenSearch.
            retriever: whose models are loaded.
            planner: whose words are loaded.
            indices: that are searched.
            settings: of the worker.
        """
        self._upstream = upstream
        self._retriever = retriever
        self._planner = planner
        self._indices = indices
        self.settings = settings
        """Whether the worker runs on the newest settings."""
        self._warm = False
        self._cold: dict[str, str] = {}
        self.draining = False
        """Set when the worker is about to end."""

    async def warm_up(self) -> None:
        """Load what the first search of each index would otherwise wait for.

        An index that is not there, or not yet, is noted: its searches try again.
        """
        for index in self._indices:
            try:
                await self._retriever.warm_up(index)
                await self._planner.plan(index, "warm-up")
            except ShopkeeperError as error:
                _logger.warning("warm-up index=%s: %s", index, error.message)
                self._cold[index] = error.code
        self._warm = True

    async def not_ready(self) -> str | None:
        """Return why the worker should get no requests, or `None`."""
        if self.draining:
            return "shutting down"
        if not self._warm:
            return "loading models"
        try:
            answer = await self._upstream.json("GET", "/", [], None, timeout_seconds=_PROBE_SECONDS)
        except SearchEngineError as error:
            return error.message
        # Unauthenticated callers may be refused the greeting; OpenSearch is there all the same.
        return None if answer.status in (_OK, 401, 403) else f"OpenSearch answers {answer.status}"

    @property
    def circuits(self) -> dict[str, bool]:
        """Say of each service whether it is left alone now, since it did not answer."""
        circuits = {"opensearch": self._upstream.breaker.is_open}
        reranking = self._retriever.reranking
        for state in () if reranking is None else reranking.states:
            name = "reranker" if state.language is None else f"reranker_{state.language}"
            circuits[name] = state.rests
        return circuits

    @property
    def reranking(self) -> WindowReranking | None:
        """What reranks, with its models and warnings; `None`: nothing does."""
        return self._retriever.reranking

    @property
    def cold_indices(self) -> dict[str, str]:
        """Indices whose model could not be loaded at the start, with the error's code."""
        return dict(self._cold)
