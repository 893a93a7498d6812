"""Requests that read without ranking, and all others that are let through."""

from query_proxy.guards.access import Caller
from query_proxy.guards.request_target import RequestKind, RequestTarget
from query_proxy.incoming_request import IncomingRequest, Send
from query_proxy.takeover.search_body import parsed_search
from query_proxy.takeover.search_tools import SearchTools

_REPEATABLE = frozenset({"GET", "HEAD"})


class ReadHandler:
    """Passes counts, documents, cursors and greetings through, once their bodies are looked at."""

    def __init__(self, tools: SearchTools) -> None:
        self._tools = tools

    async def __call__(
        self, request: IncomingRequest, target: RequestTarget, caller: Caller, send: Send
    ) -> int:
        """Answer, and return the status."""
        del caller
        limit = self._tools.settings.max_body_bytes
        sent = await request.body(limit)
        if target.kind is RequestKind.READ:
            readable = request.readable(sent, limit)
            self._tools.limits.check(parsed_search(readable, request.parameters), {})
        # Going on with a scroll moves it: asked twice, it would skip a page.
        repeatable = target.kind is not RequestKind.CURSOR
        return await self._tools.pass_through(request, send, sent, repeatable=repeatable)


class AdminHandler:
    """Streams everything else through."""

    def __init__(self, tools: SearchTools) -> None:
        self._tools = tools

    async def __call__(
        self, request: IncomingRequest, target: RequestTarget, caller: Caller, send: Send
    ) -> int:
        """Answer, and return the status."""
        del target, caller
        has_body = any(
            name in ("content-length", "transfer-encoding") and value != "0"
            for name, value in request.headers
        )
        return await self._tools.pass_through(
            request,
            send,
            request.stream() if has_body else b"",
            repeatable=request.method in _REPEATABLE and not has_body,
        )
