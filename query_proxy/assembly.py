"""Puts the parts of a worker together, with their connections."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter

from fastapi import APIRouter
from starlette.requests import Request
from starlette.types import ASGIApp

from query_proxy.backing import Backing, Searching
from query_proxy.behaviour.behaviour_store import Behaviour, opened_behaviour
from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.guards.access import Access
from query_proxy.guards.search_limits import SearchLimits
from query_proxy.json_api.catalogue_routes import catalogue_router
from query_proxy.json_api.embedding_routes import embedding_router
from query_proxy.json_api.event_routes import event_router
from query_proxy.json_api.rerank_routes import rerank_router
from query_proxy.json_api.shop_catalogue import ShopCatalogue, opened_catalogue
from query_proxy.json_api.shop_routes import search_router, shop_application
from query_proxy.json_api.shop_search import ShopSearch
from query_proxy.json_api.text_embeddings import TextEmbeddings, opened_embeddings
from query_proxy.metrics import Exposition, Metrics
from query_proxy.open_search_side import OpenSearchSide
from query_proxy.operation_routes import operation_router
from query_proxy.pass_through import PassThrough
from query_proxy.planner import PlainPlanner
from query_proxy.proxy_state import ProxyState
from query_proxy.search_page.listing import PageListing
from query_proxy.search_page.routes import SearchPage, page_router
from query_proxy.settings_state import SettingsState
from query_proxy.takeover.hit_memory import HitMemory
from query_proxy.takeover.hybrid_search import HybridSearch
from query_proxy.takeover.search_template import SearchTemplate
from query_proxy.takeover.search_tools import SearchTools
from query_proxy.tracing import Tracing
from query_proxy.upstream import Upstream
from query_proxy.workbench.comparison import Workbench
from query_proxy.workbench.routes import WorkbenchPage, workbench_router
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
        operations = operation_router(state, worker.exposition, worker.metrics)
        tools = _search_tools(opened)
        stack.callback(tools.hybrid.forget)
        yield Assembly(
            state=state,
            open_search=OpenSearchSide(tools),
            shop=shop_application([*_routers(opened), operations], version("shopkeeper")),
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


def _routers(opened: _Opened) -> list[APIRouter]:
    """Return the routes of the JSON API and of the pages, but for those of operators."""
    backing, section = opened.backing, opened.settings.query_proxy
    retriever, catalogue = opened.retriever, opened.catalogue
    service = ShopSearch(
        *(retriever, backing.planner, opened.breaker, section.indices),
        opened.behaviour.recorder,
        catalogue.names,
    )
    hand_on = _handed_on(opened.access, opened.upstream)
    observe = opened.worker.metrics.observe_reranking
    routers = [
        search_router(service, hand_on),
        event_router(opened.behaviour.intake),
        catalogue_router(catalogue, hand_on),
        embedding_router(opened.embeddings),
        rerank_router(retriever.reranker, section.timeout_seconds, observe),
    ]
    if section.page:
        verbatim = ShopSearch(
            *(retriever, PlainPlanner(), opened.breaker, section.indices), names=catalogue.names
        )
        below = opened.settings.reranker.rerank_window
        listing = PageListing(service, verbatim, counts_from=below)
        routers.append(page_router(SearchPage(listing, section), hand_on))
    if section.workbench:
        searching = Searching(retriever=retriever, planner=backing.planner)
        workbench = Workbench(searching, backing.open_variant, opened.settings, opened.breaker)
        routers.append(workbench_router(WorkbenchPage(workbench, section), hand_on))
    return routers


def _handed_on(access: Access, upstream: Upstream) -> Callable[[Request], dict[str, str]]:
    """Return what of a request's headers goes on to OpenSearch."""
    names = {"x-opaque-id"}
    if not access.is_guarded and not upstream.has_own_credentials:
        names.add("authorization")

    def handed_on(request: Request) -> dict[str, str]:
        return {name: value for name, value in request.headers.items() if name in names}

    return handed_on
