"""The proxy as one ASGI application: guard, then the JSON API or the OpenSearch side."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from query_proxy.access import Access, Caller
from query_proxy.assembly import Assembly, assembled
from query_proxy.draining import delay_shutdown
from query_proxy.error_responses import error_answer, internal_error_answer
from query_proxy.incoming_request import (
    ClientGoneError,
    IncomingRequest,
    Receive,
    Scope,
    Send,
)
from query_proxy.metrics import Exposition, Metrics, exposition
from query_proxy.operation_routes import METRICS_PATH, OPEN_PATHS
from query_proxy.page_redirect import is_browser_at_root, send_to_page
from query_proxy.permits import Permits
from query_proxy.planner import PlainPlanner, Planner
from query_proxy.rate_limit import RateLimit
from query_proxy.request_target import request_target
from query_proxy.tracing import Tracing, describe
from query_proxy.watched_send import WatchedSend
from retrieval import Retriever
from search_core import ShopkeeperError
from search_core.settings import Settings

_logger = logging.getLogger(__name__)

_SHOP_PREFIX = "/shop/"
_SHOP, _REFUSED = "shop", "refused"
_CLIENT_GONE = 499
"""What nginx counts such requests as; it is never sent."""

OpenRetriever = Callable[[], AbstractAsyncContextManager[Retriever]]


@dataclass(slots=True)
class _Told:
    """What becomes known of a request while it is answered."""

    kind: str = _REFUSED
    status: int = 0


class ProxyApplication:
    """The proxy of one worker."""

    def __init__(
        self,
        settings: Settings,
        open_retriever: OpenRetriever,
        *,
        planner: Planner | None = None,
        registry: CollectorRegistry | None = None,
        metrics_of_all: Exposition | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """Keep what is needed; connections are opened when the server starts.

        Args:
            settings: all of them; `search_engine.url` is where OpenSearch is.
            open_retriever: opens a retriever inside the event loop.
            planner: understands queries; `None`: words are taken as they are.
            registry: of this process's metrics; `None`: one of its own.
            metrics_of_all: gives the metrics of all workers; `None`: this one's.
            clock: seconds.
        """
        section = settings.query_proxy
        self._settings = settings
        self._open_retriever = open_retriever
        self._planner = planner or PlainPlanner()
        own = registry or CollectorRegistry()
        self._metrics = Metrics(own)
        self._metrics_of_all = metrics_of_all or exposition(own)
        self._clock = clock
        self._tracing = Tracing()
        self._access = Access(section)
        self._permits = Permits(section.permits, section.queue, section.queue_ms / 1000)
        rates = {
            name: caller.requests_per_second / section.workers
            for name, caller in section.callers.items()
            if caller.requests_per_second is not None
        }
        self._rate_limit = RateLimit(rates, clock)
        self._parts: Assembly | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or open and close with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Hold the connections open while the block runs, and load the models meanwhile."""
        async with assembled(
            self._settings,
            self._open_retriever,
            self._planner,
            self._access,
            self._metrics,
            self._tracing,
            self._metrics_of_all,
        ) as parts:
            self._parts = parts
            warming = asyncio.create_task(parts.state.warm_up())
            try:
                yield
            finally:
                warming.cancel()
                await asyncio.wait((warming,))
                self._parts = None

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            async with self.opened():
                parts = self._opened_parts()
                delay_shutdown(parts.state, self._settings.query_proxy.unready_seconds)
                await send({"type": "lifespan.startup.complete"})
                await receive()
        except ShopkeeperError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = self._clock()
        watched, told = WatchedSend(send), _Told()
        request = IncomingRequest(scope, receive)
        with self._tracing.request(request) as span:
            try:
                await self._guarded(scope, request, receive, watched, told)
            except ShopkeeperError as error:
                await self._refuse(error, request, watched)
            except ClientGoneError:
                told.status = _CLIENT_GONE
            except Exception:
                # The request boundary: a mistake of ours ends one request, not the worker.
                request_id = secrets.token_hex(4)
                _logger.exception("a mistake of the proxy id=%s", request_id)
                if watched.status is None:
                    await internal_error_answer(request_id).send(watched)
            status = told.status or watched.status or 0
            describe(span, told.kind, status)
        self._metrics.count_request(told.kind, status, self._clock() - started)

    async def _guarded(
        self,
        scope: Scope,
        request: IncomingRequest,
        receive: Receive,
        send: WatchedSend,
        told: _Told,
    ) -> None:
        parts = self._opened_parts()
        path = request.raw_path
        if path in OPEN_PATHS:
            told.kind = _SHOP
            await parts.shop(scope, receive, send)
            return
        if self._settings.query_proxy.page and is_browser_at_root(request):
            told.kind = _SHOP
            await send_to_page(send)
            return
        caller = self._access.caller(request)
        self._rate_limit.take(caller.name)
        if self._access.is_guarded:
            request.drop_headers("authorization")
        if path == METRICS_PATH:
            told.kind = _SHOP
            await self._shop(parts.shop, caller, scope, request, send)
            return
        async with self._permits.one():
            self._metrics.entered()
            try:
                if _is_ours(path):
                    told.kind = _SHOP
                    await self._shop(parts.shop, caller, scope, request, send)
                else:
                    target = request_target(request.method, path)
                    told.kind = target.kind.value
                    await parts.open_search(request, target, caller, send)
            finally:
                self._metrics.left()

    async def _shop(
        self,
        shop: ASGIApp,
        caller: Caller,
        scope: Scope,
        request: IncomingRequest,
        send: Send,
    ) -> None:
        body = await request.body(self._settings.query_proxy.max_body_bytes)
        scope["shopkeeper.caller"] = caller
        await shop(scope, request.replayed(body), send)

    async def _refuse(
        self, error: ShopkeeperError, request: IncomingRequest, send: WatchedSend
    ) -> None:
        self._metrics.count_refusal(error.code)
        if send.status is not None:
            # The answer broke off: closing the connection is all that tells the client.
            _logger.warning("answer broke off: %s", error.message)
            return
        _logger.info("refused code=%s: %s", error.code, error.message)
        await error_answer(error).send(send, without_body=request.method == "HEAD")

    def _opened_parts(self) -> Assembly:
        if self._parts is None:
            raise RuntimeError("the application is used before the server has started it")
        return self._parts


def _is_ours(path: str) -> bool:
    # `/shop/_search` is a search of an index named shop.
    return path.startswith(_SHOP_PREFIX) and not path.startswith(f"{_SHOP_PREFIX}_")
