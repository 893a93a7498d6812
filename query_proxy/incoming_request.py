"""A request as the server hands it over, with its body read only as far as wanted."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from search_core import MalformedRequestError, RequestTooLargeError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]

_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
"""gzip in `Accept-Encoding`, unless it is refused by a weight of 0 (RFC 9110, 12.5.3)."""

BODY_SECONDS = 10.0
"""Longest wait for a whole body: a client that sends it drop by drop would keep a permit."""


class ClientGoneError(Exception):
    """The client closed the connection before its request was complete."""


class IncomingRequest:
    """Method, target, headers and body of one request."""

    def __init__(self, scope: Scope, receive: Receive, body_seconds: float = BODY_SECONDS) -> None:
        self._receive = receive
        self._body_seconds = body_seconds
        self.method: str = scope["method"]
        self.raw_path: str = scope["raw_path"].decode("latin-1")
        """As sent, percent-encoding included, without the query string."""
        self.raw_query: str = scope["query_string"].decode("latin-1")
        self.headers: list[tuple[str, str]] = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        """Names in lower case, in the order of the request."""

    @property
    def raw_target(self) -> str:
        """Path and query string as sent."""
        return f"{self.raw_path}?{self.raw_query}" if self.raw_query else self.raw_path

    @property
    def parameters(self) -> dict[str, str]:
        """Parameters of the query string; of one that is repeated, the last."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True)) if self.raw_query else {}

    def header(self, name: str) -> str | None:
        """Return the first header of a name in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def reads_gzip(self) -> bool:
        """Whether the client accepts an answer that is compressed by gzip."""
        accepted = self.header("accept-encoding")
        return accepted is not None and _GZIP.search(accepted) is not None

    async def body(self, limit: int) -> bytes:
        """Read the whole body, as sent.

        Raises:
            RequestTooLargeError: it has more bytes than `limit`.
            MalformedRequestError: it does not arrive in time.
            ClientGoneError: the client left meanwhile.
        """
        _refuse_beyond(self._declared_length(), limit)
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._body_seconds):
                async for part in self.stream():
                    parts.append(part)
                    size += len(part)
                    _refuse_beyond(size, limit)
        except TimeoutError as error:
            raise MalformedRequestError(
                f"the body did not arrive within {self._body_seconds:g} s"
            ) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the body in parts, as sent.

        Raises:
            ClientGoneError: the client left meanwhile.
        """
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            more = message.get("more_body", False)
            if part := message.get("body", b""):
                yield part

    async def gone(self) -> None:
        """Return once the client has left; to be awaited after the body was read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def readable(self, body: bytes, limit: int) -> bytes:
        """Return a body without its compression, to look into it.

        Raises:
            RequestTooLargeError: it has more bytes than `limit` when decompressed.
            MalformedRequestError: it is compressed otherwise than by gzip, or broken.
        """
        encoding = (self.header("content-encoding") or "identity").strip().lower()
        if encoding == "identity" or not body:
            return body
        if encoding != "gzip":
            raise MalformedRequestError(
                f"content-encoding {encoding!r} is not understood", remedy="send gzip, or none"
            )
        return _decompressed(body, limit)

    def replayed(self, body: bytes) -> Receive:
        """Return a `receive` that gives the body once more, for an application behind the guard."""
        given = False

        async def receive() -> Message:
            nonlocal given
            if given:
                return await self._receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        return receive

    def drop_headers(self, name: str) -> None:
        """Forget the headers of a name in lower case."""
        self.headers = [(key, value) for key, value in self.headers if key != name]

    def replace_body_headers(self, body: bytes) -> None:
        """Describe another body, of JSON, in the headers than the one that was sent."""
        described = ("content-length", "content-encoding", "transfer-encoding")
        self.headers = [(name, value) for name, value in self.headers if name not in described]
        self.headers.append(("content-length", str(len(body))))
        if self.header("content-type") is None:
            self.headers.append(("content-type", "application/json"))

    def drop_parameters(self, names: Collection[str]) -> None:
        """Forget parameters of the query string; the others stay as they were sent."""
        self.raw_query = "&".join(
            part
            for part in self.raw_query.split("&")
            if unquote_plus(part.partition("=")[0]) not in names
        )

    def _declared_length(self) -> int:
        length = self.header("content-length") or "0"
        return int(length) if length.isdecimal() else 0


def _decompressed(body: bytes, limit: int) -> bytes:
    # The limit holds while decompressing: a small body can hide gigabytes.
    decompressor = zlib.decompressobj(wbits=31)
    try:
        text = decompressor.decompress(body, limit + 1)
    except zlib.error as error:
        raise MalformedRequestError(f"the body is no gzip: {error}") from error
    _refuse_beyond(len(text), limit)
    if not decompressor.eof:
        raise MalformedRequestError("the body's gzip stream ends early")
    return text


def _refuse_beyond(size: int, limit: int) -> None:
    if size > limit:
        raise RequestTooLargeError(
            f"the body is larger than {limit:,} bytes",
            remedy="send less, or raise query_proxy.max_body_bytes",
        )
