"""One connection to OpenSearch: a request goes out, and its answer is read whole."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import httptools

_FIRST_FINAL_STATUS = 200
"""What comes before, such as 103, is no answer yet (RFC 9110, 15.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; of those that are repeated, the last."""
    body: bytes


class ConnectionLostError(Exception):
    """The connection was closed, or what came was no HTTP, before the answer was whole."""

    def __init__(self, reason: str, *, unanswered: bool = False) -> None:
        """Say why.

        Args:
            reason: in words.
            unanswered: not a byte of an answer had come.
        """
        super().__init__(reason)
        self.unanswered = unanswered


class HttpExchange(asyncio.Protocol):
    """A connection that serves one request after the other. One instance a connection.

    Answers to HEAD are not understood: they name the length of a body that does not come.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._has_come = False
        self._head_has_come = False
        self._is_kept = False
        self._closed = asyncio.get_running_loop().create_future()
        self.idle_since = 0.0
        """On the owner's clock; the owner sets it."""

    @property
    def is_usable(self) -> bool:
        """Whether another request can be sent on it."""
        transport = self._transport
        return self._is_kept and transport is not None and not transport.is_closing()

    async def ask(self, request: bytes) -> HttpAnswer:
        """Send a request and return its answer. What goes wrong, or is cancelled, ends it.

        Args:
            request: head and body.

        Raises:
            ConnectionLostError: there is no whole answer.
        """
        if self._transport is None or self._transport.is_closing():
            raise ConnectionLostError("it was closed meanwhile", unanswered=True)
        self._parser = httptools.HttpResponseParser(self)
        self._headers, self._parts = {}, []
        self._has_come = self._head_has_come = self._is_kept = False
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        except BaseException:
            # The rest of its answer may still come: nobody else must take it for theirs.
            self.abort()
            raise
        finally:
            self._answer = None

    async def closed(self) -> None:
        """Return once the connection is closed."""
        await self._closed

    def abort(self) -> None:
        """Close the connection, whatever is under way."""
        self._is_kept = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._has_come = True
        if self._parser is None or self._answer is None:
            self.abort()  # nothing was asked
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(ConnectionLostError(f"what came is no HTTP: {error}"))
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the answer, where its end is that of the connection; else tell that it broke off."""
        self._is_kept = False
        if exc is None and self._ends_with_connection():
            self.on_message_complete()
            self._is_kept = False
        reason = "it was closed before the answer was whole" if exc is None else str(exc)
        self._fail(ConnectionLostError(reason, unanswered=not self._has_come))
        if not self._closed.done():  # who waited for it may have been cancelled
            self._closed.set_result(None)

    def on_message_begin(self) -> None:
        """Stop using a connection on which something comes that was not asked for."""
        if self._answer is None or self._answer.done():
            self._is_kept = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header of the answer."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Note that the head has come whole: one that breaks off may lack its length."""
        self._head_has_come = True

    def on_body(self, part: bytes) -> None:
        """Keep a part of the answer's body."""
        self._parts.append(part)

    def on_message_complete(self) -> None:
        """Hand over the answer."""
        if self._parser is None or self._answer is None or self._answer.done():
            return
        status = self._parser.get_status_code()
        if status < _FIRST_FINAL_STATUS:
            self._headers, self._parts = {}, []
            self._head_has_come = False
            return
        self._is_kept = self._parser.should_keep_alive()
        headers, parts = self._headers, self._parts
        self._headers, self._parts = {}, []
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        self._answer.set_result(HttpAnswer(status=status, headers=headers, body=body))

    def _ends_with_connection(self) -> bool:
        """Whether an answer has begun that tells no length (RFC 9112, 6.3)."""
        lengths = ("content-length", "transfer-encoding")
        return self._head_has_come and not any(name in self._headers for name in lengths)

    def _fail(self, error: ConnectionLostError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
