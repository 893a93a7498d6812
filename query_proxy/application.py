"""The proxy as one ASGI application: guard, then the JSON API or the OpenSearch side."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from prometheus_client import CollectorRegistry

from query_proxy.assembly import WorkerTools
from query_proxy.backing import Backing, BackingSource
from query_proxy.cross_origin import for_pages_of
from query_proxy.draining import delay_shutdown
from query_proxy.edition import Edition
from query_proxy.editions import Editions
from query_proxy.error_responses import error_answer, internal_error_answer, log_refusal
from query_proxy.guards.access import Caller
from query_proxy.guards.request_target import request_target
from query_proxy.incoming_request import (
    ClientGoneError,
    IncomingRequest,
    Receive,
    Scope,
    Send,
)
from query_proxy.json_api.embedding_routes import EMBEDDINGS_PATH, MODELS_PATH
from query_proxy.json_api.rerank_routes import RERANK_PATHS
from query_proxy.metrics import Exposition, Metrics, exposition
from query_proxy.operation_routes import OPEN_PATHS, WITHOUT_PERMIT
from query_proxy.reload import Reload, reload_on_signal
from query_proxy.search_page.redirect import is_browser_at_root, send_to_page
from query_proxy.settings_state import SettingsState
from query_proxy.tracing import Tracing, describe
from query_proxy.watched_send import WatchedSend
from search_core import ShopkeeperError

_logger = logging.getLogger(__name__)

_SHOP_PREFIX = "/shop/"
_SHOP, _REFUSED = "shop", "refused"
_CLIENT_GONE = 499
"""What nginx counts such requests as; it is never sent."""


@dataclass(slots=True)
class _Told:
    """What becomes known of a request while it is answered."""

    kind: str = _REFUSED
    status: int = 0


class ProxyApplication:
    """The proxy of one worker."""

    def __init__(
        self,
        backing: Backing,
        *,
        source: BackingSource | None = None,
        registry: CollectorRegistry | None = None,
        metrics_of_all: Exposition | None = None,
        clock: Callable[[], float] = perf_counter,
        once_open: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep what is needed; connections are opened when the server starts.

        Args:
            backing: the settings, and what is searched with.
            source: gives the settings anew when they change; `None`: they stay as they are.
            registry: of this process's metrics; `None`: one of its own.
            metrics_of_all: gives the metrics of all workers; `None`: this one's.
            clock: seconds.
            once_open: called when the models are loaded.
        """
        self._once_open = once_open
        self._backing = backing
        self._source = source
        self._clock = clock
        own = registry or CollectorRegistry()
        self._metrics = Metrics(own)
        self._tracing = Tracing()
        self._settings_state = SettingsState()
        tools = WorkerTools(
            metrics=self._metrics,
            tracing=self._tracing,
            exposition=metrics_of_all or exposition(own),
            settings_state=self._settings_state,
        )
        self._editions = Editions(tools, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or open and close with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            origins = self._editions.current.settings.query_proxy.allowed_origins
            if origins and _is_ours(scope["raw_path"].decode("latin-1")):
                # Refusals have to carry the headers as well, or a page cannot read them.
                await for_pages_of(origins, self._answer)(scope, receive, send)
            else:
                await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Hold the connections open while the block runs, and load the models meanwhile."""
        await self._editions.open_first(self._backing, self._once_open)
        reloading = asyncio.create_task(self._reloading()) if self._source else None
        try:
            yield
        finally:
            if reloading is not None:
                reloading.cancel()
                await asyncio.wait((reloading,))
            await self._editions.close()

    async def _reloading(self) -> None:
        assert self._source is not None  # noqa: S101 - what it is started for
        every = self._backing.settings.query_proxy.reload_seconds
        reload = Reload(
            self._source,
            self._editions.replace,
            self._settings_state,
            every,
            self._metrics.reloaded,
        )
        reload_on_signal(reload)
        await reload.run()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            async with self.opened():
                unready_seconds = self._backing.settings.query_proxy.unready_seconds
                delay_shutdown(lambda: self._editions.current.parts.state, unready_seconds)
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
        # Kept to the end: new settings concern the requests after them.
        edition = self._editions.current
        with self._tracing.request(request) as span, edition.used():
            try:
                await self._guarded(edition, scope, request, receive, watched, told)
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
        edition: Edition,
        scope: Scope,
        request: IncomingRequest,
        receive: Receive,
        send: WatchedSend,
        told: _Told,
    ) -> None:
        parts = edition.parts
        path = request.raw_path
        if path in OPEN_PATHS:
            told.kind = _SHOP
            await parts.shop(scope, receive, send)
            return
        if edition.settings.query_proxy.page and is_browser_at_root(request):
            told.kind = _SHOP
            await send_to_page(send)
            return
        caller = edition.access.caller(request)
        edition.rate_limit.take(caller.name)
        if edition.access.is_guarded:
            request.drop_headers("authorization")
        if path in WITHOUT_PERMIT:
            told.kind = _SHOP
            await self._shop(edition, caller, scope, request, send)
            return
        async with edition.permits.one():
            self._metrics.entered()
            try:
                if _is_ours(path):
                    told.kind = _SHOP
                    await self._shop(edition, caller, scope, request, send)
                else:
                    target = request_target(request.method, path)
                    told.kind = target.kind.value
                    await parts.open_search(request, target, caller, send)
            finally:
                self._metrics.left()

    async def _shop(
        self,
        edition: Edition,
        caller: Caller,
        scope: Scope,
        request: IncomingRequest,
        send: Send,
    ) -> None:
        body = await request.body(edition.settings.query_proxy.max_body_bytes)
        scope["shopkeeper.caller"] = caller
        await edition.parts.shop(scope, request.replayed(body), send)

    async def _refuse(
        self, error: ShopkeeperError, request: IncomingRequest, send: WatchedSend
    ) -> None:
        self._metrics.count_refusal(error.code)
        if send.status is not None:
            # The answer broke off: closing the connection is all that tells the client.
            _logger.warning("answer broke off: %s", error.message)
            return
        log_refusal(_logger, "refused", error)
        await error_answer(error).send(send, without_body=request.method == "HEAD")


def _is_ours(path: str) -> bool:
    # `/shop/_search` is a search of an index named shop.
    if path in (EMBEDDINGS_PATH, MODELS_PATH) or path in RERANK_PATHS:
        return True
    return path.startswith(_SHOP_PREFIX) and not path.startswith(f"{_SHOP_PREFIX}_")
