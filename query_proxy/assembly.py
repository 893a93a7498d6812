"""Puts the parts of a worker together, with their connections."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter

from starlette.types import ASGIApp

from query_proxy.backing import Backing, Searching
from query_proxy.behaviour.behaviour_store import Behaviour, opened_behaviour
from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.guards.access import Access
from query_proxy.guards.search_limits import SearchLimits
from query_proxy.json_api.catalogue_routes import CATALOGUE_ROUTER
from query_proxy.json_api.embedding_routes import EMBEDDING_ROUTER
from query_proxy.json_api.event_routes import EVENT_ROUTER
from query_proxy.json_api.rerank_routes import RERANK_ROUTER, TextReranking
from query_proxy.json_api.shop_catalogue import ShopCatalogue, opened_catalogue
from query_proxy.json_api.shop_routes import SEARCH_ROUTER, shop_application
from query_proxy.json_api.shop_search import ShopSearch
from query_proxy.json_api.text_embeddings import TextEmbeddings, opened_embeddings
from query_proxy.metrics import Exposition, Metrics
from query_proxy.open_search_side import OpenSearchSide
from query_proxy.operation_routes import OPERATION_ROUTER, Operations
from query_proxy.pass_through import PassThrough
from query_proxy.planner import PlainPlanner
from query_proxy.proxy_state import ProxyState
from query_proxy.route_services import HandedOnHeaders
from query_proxy.search_page.listing import PageListing
from query_proxy.search_page.routes import PAGE_ROUTER, SearchPage
from query_proxy.settings_state import SettingsState
from query_proxy.takeover.hit_memory import HitMemory
from query_proxy.takeover.hybrid_search import HybridSearch
from query_proxy.takeover.search_template import SearchTemplate
from query_proxy.takeover.search_tools import SearchTools
from query_proxy.tracing import Tracing
from query_proxy.upstream import Upstream
from query_proxy.workbench.comparison import Workbench
from query_proxy.workbench.routes import WORKBENCH_ROUTER, WorkbenchPage
from retrieval import Retriever
from search_core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """The parts of a running worker."""

    state: ProxyState
    open_search: OpenSearchSide
    shop: ASGIApp


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTools:
    """What a worker has whatever its settings are, from its start to its end."""

    metrics: Metrics
    tracing: Tracing
    exposition: Exposition
    """The metrics of all workers."""
    settings_state: SettingsState


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What holds connections or learns over time, opened for one state of the settings."""

    backing: Backing
    access: Access
    worker: WorkerTools
    breaker: CircuitBreaker
    upstream: Upstream
    retriever: Retriever
    behaviour: Behaviour
    catalogue: ShopCatalogue
    embeddings: TextEmbeddings

    @property
    def settings(self) -> Settings:
        """All of them."""
        return self.backing.settings


@asynccontextmanager
async def assembled(
    backing: Backing, access: Access, worker: WorkerTools
) -> AsyncIterator[Assembly]:
    """Open the connections, and close them when the block ends."""
    async with _opened(backing, access, worker) as opened, AsyncExitStack() as stack:
        section = opened.settings.query_proxy
        indices = section.indices if section.take_over else ()
        state = ProxyState(
            *(opened.upstream, opened.retriever, backing.planner, indices),
            worker.settings_state,
        )
        operations = Operations(state=state, exposition=worker.exposition, gauges=worker.metrics)
        tools = _search_tools(opened)
        stack.callback(tools.hybrid.forget)
        yield Assembly(
            state=state,
            open_search=OpenSearchSide(tools),
            shop=_shop(opened, operations),
        )


@asynccontextmanager
async def _opened(backing: Backing, access: Access, worker: WorkerTools) -> AsyncIterator[_Opened]:
    settings, metrics = backing.settings, worker.metrics
    section = settings.query_proxy
    breaker = CircuitBreaker(
        section.breaker_failures, section.breaker_seconds, perf_counter, metrics.circuit_changed
    )
    metrics.circuit("opensearch", breaker.is_open)
    upstream = Upstream(settings.search_engine, breaker)
    try:
        async with (
            backing.open_retriever() as retriever,
            opened_behaviour(settings, metrics.count_records) as behaviour,
            opened_catalogue(settings, breaker) as catalogue,
            opened_embeddings(settings, backing.encoder_for) as embeddings,
        ):
            yield _Opened(
                backing=backing,
                access=access,
                worker=worker,
                breaker=breaker,
                upstream=upstream,
                retriever=retriever,
                behaviour=behaviour,
                catalogue=catalogue,
                embeddings=embeddings,
            )
    finally:
        await upstream.close()


def _search_tools(opened: _Opened) -> SearchTools:
    """Return what searches in OpenSearch's own shape are answered with."""
    settings, upstream = opened.settings, opened.upstream
    section, retriever, planner = settings.query_proxy, opened.retriever, opened.backing.planner
    memory = HitMemory(section.remembered_bytes)
    return SearchTools(
        settings=section,
        upstream=upstream,
        access=opened.access,
        limits=SearchLimits(section, opened.access.is_open),
        hybrid=HybridSearch(
            *(retriever, upstream, settings.retrieval, planner),
            memory=memory,
        ),
        pass_through=PassThrough(upstream, section.timeout_seconds),
        template=SearchTemplate(upstream, section.timeout_seconds),
        metrics=opened.worker.metrics,
        tracing=opened.worker.tracing,
        privacy=opened.behaviour.privacy,
        recorder=opened.behaviour.recorder,
    )


def _shop(opened: _Opened, operations: Operations) -> ASGIApp:
    """Return the JSON API and the pages, with what answers them."""
    backing, section = opened.backing, opened.settings.query_proxy
    service = ShopSearch(
        *(opened.retriever, backing.planner, opened.breaker, section.indices),
        opened.behaviour.recorder,
        opened.catalogue.names,
    )
    reranking = TextReranking(
        reranker=opened.retriever.reranker,
        timeout_seconds=section.timeout_seconds,
        observe_seconds=opened.worker.metrics.observe_reranking,
    )
    routers = [
        *(SEARCH_ROUTER, EVENT_ROUTER, CATALOGUE_ROUTER, EMBEDDING_ROUTER, RERANK_ROUTER),
        OPERATION_ROUTER,
    ]
    services = [
        *(service, opened.behaviour.intake, opened.catalogue, opened.embeddings, reranking),
        *(operations, _handed_on(opened)),
    ]
    if section.page:
        routers.append(PAGE_ROUTER)
        services.append(_search_page(opened, service))
    if section.workbench:
        routers.append(WORKBENCH_ROUTER)
        services.append(_workbench(opened))
    return shop_application(routers, services, version("shopkeeper"))


def _search_page(opened: _Opened, service: ShopSearch) -> SearchPage:
    section = opened.settings.query_proxy
    verbatim = ShopSearch(
        *(opened.retriever, PlainPlanner(), opened.breaker, section.indices),
        names=opened.catalogue.names,
    )
    below = opened.settings.reranker.rerank_window
    return SearchPage(PageListing(service, verbatim, counts_from=below), section)


def _workbench(opened: _Opened) -> WorkbenchPage:
    backing, settings = opened.backing, opened.settings
    searching = Searching(retriever=opened.retriever, planner=backing.planner)
    workbench = Workbench(
        *(searching, backing.open_variant, settings, opened.breaker),
        names=opened.catalogue.names,
    )
    return WorkbenchPage(workbench, settings.query_proxy)


def _handed_on(opened: _Opened) -> HandedOnHeaders:
    names = {"x-opaque-id"}
    if not opened.access.is_guarded and not opened.upstream.has_own_credentials:
        names.add("authorization")
    return HandedOnHeaders(frozenset(names))
