"""The OpenSearch side of the proxy: everything whose path is none of our own."""

from collections.abc import Awaitable, Callable

from query_proxy.guards.access import Caller
from query_proxy.guards.request_target import RequestKind, RequestTarget
from query_proxy.incoming_request import IncomingRequest, Send
from query_proxy.read_handler import AdminHandler, ReadHandler
from query_proxy.takeover.multi_search_handler import MultiSearchHandler
from query_proxy.takeover.search_handler import SearchHandler
from query_proxy.takeover.search_tools import SearchTools

Handler = Callable[[IncomingRequest, RequestTarget, Caller, Send], Awaitable[int]]


class OpenSearchSide:
    """Checks access, and gives each kind of request to its handler."""

    def __init__(self, tools: SearchTools) -> None:
        self._access = tools.access
        search, multi_search = SearchHandler(tools), MultiSearchHandler(tools)
        read = ReadHandler(tools)
        self._handlers: dict[RequestKind, Handler] = {
            RequestKind.GREETING: read,
            RequestKind.SEARCH: search,
            RequestKind.TEMPLATE: search,
            RequestKind.MULTI_SEARCH: multi_search,
            RequestKind.MULTI_TEMPLATE: multi_search,
            RequestKind.CURSOR: read,
            RequestKind.READ: read,
            RequestKind.ADMIN: AdminHandler(tools),
        }

    async def __call__(
        self, request: IncomingRequest, target: RequestTarget, caller: Caller, send: Send
    ) -> int:
        """Answer a request, and return the status.

        Raises:
            ShopkeeperError: nothing was answered yet.
        """
        self._access.check(caller, target, request)
        return await self._handlers[target.kind](request, target, caller, send)
