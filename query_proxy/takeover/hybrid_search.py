"""Answers a client's search by legs and fusion, and fetches the page in the client's own terms."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from query_proxy.planner import PlainPlanner, Planner
from query_proxy.takeover.client_search import ClientSearch
from query_proxy.takeover.function_scores import function_values_body
from query_proxy.takeover.hit_memory import HitMemory
from query_proxy.takeover.page_fetching import fetched_page
from query_proxy.takeover.page_searches import PageSearches
from query_proxy.takeover.scored_result import ScoredResult
from query_proxy.takeover.search_answer import search_answer
from query_proxy.upstream import Upstream
from retrieval import RankedResult, Retriever, SearchRequest
from search_core import QueryPlan
from search_core.settings import RetrievalSettings
from search_engine import NativeFilter

Body = dict[str, Any]
Headers = tuple[tuple[str, str], ...]

_DEEPEST_OFFSET = 9_990
"""How deep a page starts matters to reranking only, which is over long before."""
_PASSED_ON = frozenset({"authorization", "x-opaque-id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridAnswer:
    """An answer in OpenSearch's shape, and what is known about how it came about."""

    body: Body
    ranked: RankedResult
    page_ms: float
    """Of all that was asked after the legs."""
    total_ms: float


class HybridSearch:
    """Takes searches over."""

    def __init__(
        self,
        retriever: Retriever,
        upstream: Upstream,
        settings: RetrievalSettings,
        planner: Planner,
        memory: HitMemory | None = None,
    ) -> None:
        """Keep what is needed.

        Args:
            retriever: ranks.
            upstream: fetches pages.
            settings: what `ext.shopkeeper` overrides.
            planner: understands the words of a query.
            memory: of hits; `None`: each is fetched whenever it is wanted.
        """
        self._memory = memory
        self._retriever = retriever
        self._upstream = upstream
        self._settings = settings
        self._planner = planner

    def forget(self) -> None:
        """Let go of remembered hits: something may still refer to this when nobody uses it."""
        if self._memory is not None:
            self._memory.clear()

    async def __call__(
        self,
        index: str,
        search: ClientSearch,
        parameters: Mapping[str, str],
        headers: Headers,
    ) -> HybridAnswer:
        """Answer a search.

        Args:
            index: an alias made by Shopkeeper.
            search: of the client.
            parameters: of its address.
            headers: of its request.

        Raises:
            ShopkeeperError: as `Retriever.ranking`.
            SearchEngineError: OpenSearch refuses what the page needs, or did not answer.
        """
        started = perf_counter()
        passed_on = self._passed_on(headers)
        ask = PageSearches(
            self._upstream,
            index,
            passed_on,
            typed_keys=_is_on(parameters, "typed_keys"),
            deadline=started + self._settings.deadline_ms / 1000,
        )
        with self._upstream.breaker.guarded():
            ranked, counted = await self._rankings(index, search, passed_on)
        page_started = perf_counter()
        scored = ScoredResult.of(ranked)
        if search.text_query.functions is not None and ranked.candidates:
            scored = await _with_functions(ask, search.text_query.functions, scored)
            ranked = scored.ranked
        # OpenSearch may hide documents or fields from a caller with credentials of its own.
        memory = None if "authorization" in passed_on else self._memory
        page = await fetched_page(ask, memory, search, ranked, counted)
        ended = perf_counter()
        total_ms = (ended - started) * 1000
        as_number = _is_on(parameters, "rest_total_hits_as_int")
        return HybridAnswer(
            body=search_answer(
                search, scored, page.found, page.answers, total_ms, total_as_number=as_number
            ),
            ranked=ranked,
            page_ms=(ended - page_started) * 1000,
            total_ms=total_ms,
        )

    async def _rankings(
        self, index: str, search: ClientSearch, headers: Mapping[str, str]
    ) -> tuple[RankedResult, RankedResult | None]:
        """Rank with the `post_filter`; and without it where aggregations have to look further."""
        request = SearchRequest(
            plan=await self._planned(index, search),
            offset=min(search.offset, _DEEPEST_OFFSET),
            native_filters=search.filters,
            # Without the key the settings decide.
            collapse_variants=search.collapse or None,
            settings=search.overrides.applied_to(self._settings),
            headers=headers,
        )
        if search.post_filter is None:
            return await self._retriever.ranking(index, request), None
        filtered = _further_filtered(request, search.post_filter)
        if not search.count_options:
            return await self._retriever.ranking(index, filtered), None
        return await asyncio.gather(
            self._retriever.ranking(index, filtered), self._retriever.ranking(index, request)
        )

    async def _planned(self, index: str, search: ClientSearch) -> QueryPlan:
        text = search.text_query.text
        planner = self._planner if search.overrides.understand else PlainPlanner()
        plan = await planner.plan(index, text)
        # A client asked for words: where all of them were read as filters, they are searched for.
        return plan if plan.text else QueryPlan.plain(text)

    def _passed_on(self, headers: Headers) -> dict[str, str]:
        names = _PASSED_ON
        if self._upstream.has_own_credentials:
            names -= {"authorization"}
        return {name: value for name, value in headers if name in names}


async def _with_functions(
    ask: PageSearches, functions: Mapping[str, Any], scored: ScoredResult
) -> ScoredResult:
    body = function_values_body(scored.ranked, functions)
    found = (await ask({"values": body}, scored.ranked.preference))["values"]["hits"]["hits"]
    return scored.multiplied({hit["_id"]: hit["_score"] for hit in found})


def _further_filtered(request: SearchRequest, further: NativeFilter) -> SearchRequest:
    return replace(request, native_filters=(*request.native_filters, further))


def _is_on(parameters: Mapping[str, str], name: str) -> bool:
    return parameters.get(name, "false") != "false"
