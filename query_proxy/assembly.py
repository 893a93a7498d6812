"""Puts the parts of a worker together, with their connections."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter

from starlette.requests import Request
from starlette.types import ASGIApp

from query_proxy.access import Access
from query_proxy.backing import Backing, Searching
from query_proxy.behaviour import opened_behaviour
from query_proxy.catalogue_routes import catalogue_router
from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.embedding_routes import embedding_router
from query_proxy.event_routes import event_router
from query_proxy.hybrid_search import HybridSearch
from query_proxy.metrics import Exposition, Metrics
from query_proxy.open_search_side import OpenSearchSide
from query_proxy.operation_routes import operation_router
from query_proxy.page_listing import PageListing
from query_proxy.page_routes import SearchPage, page_router
from query_proxy.pass_through import PassThrough
from query_proxy.planner import PlainPlanner
from query_proxy.proxy_state import ProxyState
from query_proxy.rerank_routes import rerank_router
from query_proxy.search_limits import SearchLimits
from query_proxy.search_template import SearchTemplate
from query_proxy.search_tools import SearchTools
from query_proxy.settings_state import SettingsState
from query_proxy.shop_catalogue import opened_catalogue
from query_proxy.shop_routes import search_router, shop_application
from query_proxy.shop_search import ShopSearch
from query_proxy.text_embeddings import opened_embeddings
from query_proxy.tracing import Tracing
from query_proxy.upstream import Upstream
from query_proxy.workbench_comparison import Workbench
from query_proxy.workbench_routes import WorkbenchPage, workbench_router


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


@asynccontextmanager
async def assembled(
    backing: Backing, access: Access, worker: WorkerTools
) -> AsyncIterator[Assembly]:
    """Open the connections, and close them when the block ends."""
    settings, planner, metrics = backing.settings, backing.planner, worker.metrics
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
            indices = section.indices if section.take_over else ()
            state = ProxyState(upstream, retriever, planner, indices, worker.settings_state)
            tools = SearchTools(
                settings=section,
                upstream=upstream,
                access=access,
                limits=SearchLimits(section, access.is_open),
                hybrid=HybridSearch(retriever, upstream, settings.retrieval, planner),
                pass_through=PassThrough(upstream, section.timeout_seconds),
                template=SearchTemplate(upstream, section.timeout_seconds),
                metrics=metrics,
                tracing=worker.tracing,
                privacy=behaviour.privacy,
                recorder=behaviour.recorder,
            )
            service = ShopSearch(retriever, planner, breaker, section.indices, behaviour.recorder)
            hand_on = _handed_on(access, upstream)
            routers = [
                search_router(service, hand_on),
                event_router(behaviour.intake),
                catalogue_router(catalogue, hand_on),
                embedding_router(embeddings),
                rerank_router(
                    retriever.reranker, section.timeout_seconds, metrics.observe_reranking
                ),
                operation_router(state, worker.exposition, metrics),
            ]
            if section.page:
                verbatim = ShopSearch(retriever, PlainPlanner(), breaker, section.indices)
                below = settings.reranker.rerank_window
                listing = PageListing(service, verbatim, counts_from=below)
                routers.append(page_router(SearchPage(listing, section), hand_on))
            if section.workbench:
                searching = Searching(retriever=retriever, planner=planner)
                workbench = Workbench(searching, backing.open_variant, settings, breaker)
                routers.append(workbench_router(WorkbenchPage(workbench, section), hand_on))
            yield Assembly(
                state=state,
                open_search=OpenSearchSide(tools),
                shop=shop_application(routers, version("shopkeeper")),
            )
    finally:
        await upstream.close()


def _handed_on(access: Access, upstream: Upstream) -> Callable[[Request], dict[str, str]]:
    """Return what of a request's headers goes on to OpenSearch."""
    names = {"x-opaque-id"}
    if not access.is_guarded and not upstream.has_own_credentials:
        names.add("authorization")

    def handed_on(request: Request) -> dict[str, str]:
        return {name: value for name, value in request.headers.items() if name in names}

    return handed_on
