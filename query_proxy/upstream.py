"""The connections to OpenSearch for what passes through, and for pages of taken-over searches."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from yarl import URL

from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.forwarded_headers import for_upstream
from search_core import (
    RequestTooLargeError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)
from search_core.settings import SearchEngineSettings
from search_engine import Sign, aws_sign, canonical_query

_KEEP_ALIVE_SECONDS = 50.0
"""Below the 60 s after which load balancers usually close an idle connection."""
_CONNECT_SECONDS = 5.0
_LINE_BYTES = 64 * 1024
_LARGEST_SIGNED_BYTES = 100 * 1024 * 1024
"""Source: the largest HTTP payload of Amazon OpenSearch Service's quotas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamAnswer:
    """An answer of OpenSearch, read and parsed."""

    status: int
    body: Any
    """JSON."""
    headers: Mapping[str, str]
    """Names in lower case."""


class Upstream:
    """OpenSearch as the proxy sees it. One instance an event loop."""

    def __init__(self, settings: SearchEngineSettings, breaker: CircuitBreaker) -> None:
        self.breaker = breaker
        """Also for those that ask OpenSearch on other connections."""
        self._base = settings.url.rstrip("/")
        self._own_credentials = _own_credentials(settings)
        self._sign = aws_sign(settings)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # permits bound the requests
                keepalive_timeout=_KEEP_ALIVE_SECONDS,
                ssl=_tls(settings),
            ),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            read_bufsize=_LINE_BYTES,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    @property
    def has_own_credentials(self) -> bool:
        """Whether the proxy speaks for its callers; otherwise theirs are handed on."""
        return self._own_credentials is not None or self._sign is not None

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    @asynccontextmanager
    async def request(
        self,
        method: str,
        raw_target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | AsyncIterator[bytes] | None,
        *,
        timeout_seconds: float,
        repeatable: bool = False,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send a request and yield the answer once its head is there.

        Args:
            method: of HTTP.
            raw_target: path and query string, encoded as they are to be sent.
            headers: of the client; those that concern one connection only are left out.
            body: `None`: none.
            timeout_seconds: from now to the end of the block.
            repeatable: send it once more when the connection turns out to have been closed.

        Raises:
            SearchEngineTimeoutError: the time is up.
            SearchEngineUnavailableError: no connection, or it broke.
        """
        sent = for_upstream(headers, self._own_credentials)
        if body is None or isinstance(body, bytes):
            # The length is that of the body at hand, whatever the client said of it.
            sent = [(name, value) for name, value in sent if name != "content-length"]
        if self._sign is not None:
            raw_target = canonical_query(raw_target)
            body = body if body is None or isinstance(body, bytes) else await _whole(body)
            sent = _signed(self._sign, method, self._base + raw_target, sent, body)
        with self.breaker.guarded():
            answer = self._answer(
                method, raw_target, sent, body, timeout_seconds, repeatable=repeatable
            )
            async with answer as response:
                yield response

    @asynccontextmanager
    async def _answer(
        self,
        method: str,
        raw_target: str,
        sent: list[tuple[str, str]],
        body: bytes | AsyncIterator[bytes] | None,
        timeout_seconds: float,
        *,
        repeatable: bool,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with asyncio.timeout(timeout_seconds):
                response = await self._send(method, raw_target, sent, body, repeatable=repeatable)
                async with response:
                    yield response
        except TimeoutError as error:
            raise SearchEngineTimeoutError(
                f"OpenSearch did not answer within {timeout_seconds:.1f} s",
                remedy="look at its load, or raise query_proxy.timeout_seconds",
            ) from error
        except aiohttp.ClientError as error:
            raise SearchEngineUnavailableError(
                f"OpenSearch cannot be reached: {type(error).__name__}",
                remedy="see whether it runs; search_engine.url names it",
            ) from error

    async def json(
        self,
        method: str,
        raw_target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        *,
        timeout_seconds: float,
    ) -> UpstreamAnswer:
        """Send a reading request and return its answer parsed.

        Raises:
            SearchEngineError: no answer, or one that is no JSON.
        """
        async with self.request(
            method, raw_target, headers, body, timeout_seconds=timeout_seconds, repeatable=True
        ) as response:
            text = await response.read()
        try:
            parsed = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise SearchEngineUnavailableError(
                f"OpenSearch answered {response.status} with something that is no JSON"
            ) from error
        return UpstreamAnswer(
            status=response.status,
            body=parsed,
            headers={name.lower(): value for name, value in response.headers.items()},
        )

    async def _send(
        self,
        method: str,
        raw_target: str,
        headers: list[tuple[str, str]],
        body: bytes | AsyncIterator[bytes] | None,
        *,
        repeatable: bool,
    ) -> aiohttp.ClientResponse:
        address = URL(self._base + raw_target, encoded=True)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS)
        arguments: dict[str, Any] = {
            "headers": headers, "data": body, "timeout": timeout, "allow_redirects": False,
        }  # fmt: skip
        try:
            return await self._session.request(method, address, **arguments)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            # A kept connection that the node has closed meanwhile; nothing was answered yet.
            if not repeatable or isinstance(error, aiohttp.ClientConnectorError):
                raise
            return await self._session.request(method, address, **arguments)


async def _whole(body: AsyncIterator[bytes]) -> bytes:
    """Read a body to its end: its hash is part of the signature.

    Raises:
        RequestTooLargeError: it is larger than what AWS takes.
    """
    read = bytearray()
    async for part in body:
        read += part
        if len(read) > _LARGEST_SIGNED_BYTES:
            raise RequestTooLargeError(
                f"the body is larger than {_LARGEST_SIGNED_BYTES:,} bytes",
                remedy="send it in parts",
            )
    return bytes(read)


def _signed(
    sign: Sign, method: str, url: str, headers: list[tuple[str, str]], body: bytes | None
) -> list[tuple[str, str]]:
    # A client's own credentials were for the proxy, and its headers may not stand for the signer's.
    left_out = ("authorization", "content-length", "x-amz-date", "x-amz-security-token")
    kept = [(name, value) for name, value in headers if name not in left_out]
    signed = sign(method, url, body)
    return [*kept, *((name.lower(), value) for name, value in signed.items())]


def _own_credentials(settings: SearchEngineSettings) -> str | None:
    if settings.user is None or settings.password is None:
        return None
    return aiohttp.BasicAuth(settings.user, settings.password.get_secret_value()).encode()


def _tls(settings: SearchEngineSettings) -> ssl.SSLContext | bool:
    if not settings.url.startswith("https"):
        return True
    context = ssl.create_default_context(
        cafile=None if settings.ca_certs is None else str(settings.ca_certs)
    )
    if not settings.verify_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.client_certificate is not None:
        key = settings.client_key
        context.load_cert_chain(settings.client_certificate, key)
    return context
