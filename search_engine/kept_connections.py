"""Connections to one OpenSearch that are kept from one search to the next."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from aiohappyeyeballs import start_connection

from search_engine.http_exchange import ConnectionLostError, HttpAnswer, HttpExchange

_KEEP_SECONDS = 50.0
"""Below the 60 s after which load balancers usually close an idle connection."""

_NEXT_ADDRESS_SECONDS = 0.25
"""Source: RFC 8305, section 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where connections go."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    """`None`: without TLS."""


class KeptConnections:
    """A pool of connections for requests that only read. One instance an event loop.

    A search spends most of a general HTTP client's time on what it does not need: redirects,
    cookies, streams, parts. This sends bytes and reads an answer, by uvicorn's parser (ADR 0043).
    """

    def __init__(self, origin: Origin, limit: int, clock: Callable[[], float] = monotonic) -> None:
        """Keep where to; nothing is opened yet.

        Args:
            origin: of all requests.
            limit: connections at once; further requests wait.
            clock: seconds, for connections that are idle.
        """
        self._origin = origin
        self._permits = asyncio.Semaphore(limit)
        self._clock = clock
        self._idle: deque[HttpExchange] = deque()
        """The longest idle first."""
        self._is_closed = False

    async def ask(self, request: bytes) -> HttpAnswer:
        """Send a request, and return its answer; once more where a kept connection was closed.

        Args:
            request: head and body, of a request that may be repeated.

        Raises:
            OSError: nobody listens there, or TLS fails.
            ConnectionLostError: there is no whole answer.
        """
        async with self._permits:
            kept = self._kept()
            if kept is not None:
                try:
                    return await self._on(kept, request)
                except ConnectionLostError as error:
                    if not error.unanswered:
                        raise
            return await self._on(await self._opened(), request)

    async def close(self) -> None:
        """Close the connections that are idle, and those in use once their answer is there."""
        self._is_closed = True
        idle, self._idle = self._idle, deque()
        for connection in idle:
            connection.abort()
        for connection in idle:
            await connection.closed()

    async def _on(self, connection: HttpExchange, request: bytes) -> HttpAnswer:
        answer = await connection.ask(request)
        if connection.is_usable and not self._is_closed:
            connection.idle_since = self._clock()
            self._idle.append(connection)
        else:
            connection.abort()
        return answer

    def _kept(self) -> HttpExchange | None:
        """Return the connection that was used last, so that those not needed grow old and go."""
        oldest = self._clock() - _KEEP_SECONDS
        while self._idle and self._idle[0].idle_since <= oldest:
            self._idle.popleft().abort()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable:
                return connection
            connection.abort()
        return None

    async def _opened(self) -> HttpExchange:
        origin, loop = self._origin, asyncio.get_running_loop()
        addresses = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
        # One of several addresses that does not answer must not cost a search all of its time.
        opened = await start_connection(addresses, happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS)
        try:
            _, connection = await loop.create_connection(
                HttpExchange,
                sock=opened,
                ssl=origin.tls,
                server_hostname=None if origin.tls is None else origin.host,
            )
        except BaseException:
            opened.close()
            raise
        return connection
