"""Puts the parts of a worker together, with their connections."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter

from starlette.requests import Request
from starlette.types import ASGIApp

from query_proxy.access import Access
from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.hybrid_search import HybridSearch
from query_proxy.metrics import Exposition, Metrics
from query_proxy.open_search_side import OpenSearchSide
from query_proxy.operation_routes import operation_router
from query_proxy.page_listing import PageListing
from query_proxy.page_routes import SearchPage, page_router
from query_proxy.pass_through import PassThrough
from query_proxy.planner import PlainPlanner, Planner
from query_proxy.proxy_state import ProxyState
from query_proxy.search_limits import SearchLimits
from query_proxy.search_template import SearchTemplate
from query_proxy.search_tools import SearchTools
from query_proxy.shop_routes import search_router, shop_application
from query_proxy.shop_search import ShopSearch
from query_proxy.tracing import Tracing
from query_proxy.upstream import Upstream
from retrieval import Retriever
from search_core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """The parts of a running worker."""

    state: ProxyState
    open_search: OpenSearchSide
    shop: ASGIApp


@asynccontextmanager
async def assembled(
    settings: Settings,
    open_retriever: Callable[[], AbstractAsyncContextManager[Retriever]],
    planner: Planner,
    access: Access,
    metrics: Metrics,
    tracing: Tracing,
    exposition: Exposition,
) -> AsyncIterator[Assembly]:
    """Open the connections, and close them when the block ends."""
    section = settings.query_proxy
    breaker = CircuitBreaker(
        section.breaker_failures, section.breaker_seconds, perf_counter, metrics.circuit_changed
    )
    upstream = Upstream(settings.search_engine, breaker)
    try:
        async with open_retriever() as retriever:
            indices = section.indices if section.take_over else ()
            state = ProxyState(upstream, retriever, planner, indices)
            tools = SearchTools(
                settings=section,
                upstream=upstream,
                access=access,
                limits=SearchLimits(section, access.is_open),
                hybrid=HybridSearch(retriever, upstream, settings.retrieval, planner),
                pass_through=PassThrough(upstream, section.timeout_seconds),
                template=SearchTemplate(upstream, section.timeout_seconds),
                metrics=metrics,
                tracing=tracing,
            )
            service = ShopSearch(retriever, planner, breaker, section.indices)
            hand_on = _handed_on(access, upstream)
            routers = [search_router(service, hand_on), operation_router(state, exposition)]
            if section.page:
                verbatim = ShopSearch(retriever, PlainPlanner(), breaker, section.indices)
                below = settings.reranker.rerank_window
                listing = PageListing(service, verbatim, counts_from=below)
                routers.append(page_router(SearchPage(listing, section), hand_on))
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
