"""The client's connection to OpenSearch, with searches on connections of their own."""

import asyncio
import logging
import ssl
from collections.abc import Collection, Mapping
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from opensearchpy import AIOHttpConnection
from opensearchpy import exceptions as foreign

from search_engine.http_exchange import ConnectionLostError, HttpAnswer
from search_engine.kept_connections import KeptConnections, Origin

_logger = logging.getLogger("opensearch")
"""The client's own, for the same lines."""

_SEARCHES = ("/_search", "/_msearch")
_OK = range(200, 300)
_PORT, _TLS_PORT = 80, 443
_CONNECTIONS = 64
"""At once, where the client names no limit of its own."""


class SearchConnection(AIOHttpConnection):
    """Sends searches by `KeptConnections`, and everything else as the client does.

    A search goes out and comes back in half of the time that the client's way takes (ADR 0043).
    Only what reads goes this way, since only that may be sent again when a kept connection turns
    out to have been closed.
    """

    def __init__(self, **arguments: Any) -> None:  # noqa: ANN401 - the client's own
        """Take what the client's connection takes."""
        super().__init__(**arguments)
        tls: ssl.SSLContext | None = self._ssl_context if self.use_ssl else None
        self._kept = KeptConnections(
            Origin(host=self.hostname, port=self.port, tls=tls), limit=self._limit or _CONNECTIONS
        )
        name = f"[{self.hostname}]" if ":" in self.hostname else self.hostname
        # As every client writes it: some gateways take a name with its usual port for another one.
        usual = _TLS_PORT if self.use_ssl else _PORT
        self._host = name if self.port == usual else f"{name}:{self.port}"

    async def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the client's own
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Mapping[str, str], bytes | str]:
        """Send a request and return status, headers and body of its answer.

        Raises:
            opensearchpy.exceptions.TransportError: as the client's connection does.
        """
        if method != "POST" or not url.endswith(_SEARCHES):
            answered: tuple[int, Mapping[str, str], str] = await super().perform_request(
                method, url, params, body, timeout, ignore, headers
            )
            return answered
        target = f"{self.url_prefix}{url}?{urlencode(params)}" if params else self.url_prefix + url
        request = self._request(target, body or b"", headers)
        started = perf_counter()
        answer = await self._answered(request, self.timeout if timeout is None else timeout)
        if _logger.isEnabledFor(logging.INFO):
            text = answer.body.decode("utf-8", "replace")
            seconds = perf_counter() - started
            self.log_request_success(method, target, url, body, answer.status, text, seconds)
        self._raise_warnings([each] if (each := answer.headers.get("warning")) else [])
        if answer.status not in _OK and answer.status not in ignore:
            # Not always OpenSearch's: a gateway before it may write in another encoding.
            reason = answer.body.decode("utf-8", "replace")
            self._raise_error(answer.status, reason, answer.headers.get("content-type"))
        return answer.status, answer.headers, answer.body

    async def close(self) -> None:
        """Close the connections."""
        await self._kept.close()
        await super().close()

    async def _answered(self, request: bytes, seconds: float) -> HttpAnswer:
        try:
            async with asyncio.timeout(seconds):
                return await self._kept.ask(request)
        except TimeoutError as error:
            reason = f"no answer within {seconds:.1f} s"
            raise foreign.ConnectionTimeout("TIMEOUT", reason, TimeoutError(reason)) from error
        except (OSError, ConnectionLostError) as error:
            raise foreign.ConnectionError("N/A", str(error), error) from error

    def _request(self, target: str, body: bytes, headers: Mapping[str, str] | None) -> bytes:
        """Return a request as it is sent.

        Raises:
            ValueError: a header's value would end the header: the caller's mistake.
        """
        fields = {
            **self.headers,
            "accept-encoding": "identity",
            **(headers or {}),
            "host": self._host,
            "content-length": str(len(body)),
        }
        head = [f"POST {target} HTTP/1.1", *(f"{name}: {text}" for name, text in fields.items())]
        if any("\n" in line or "\r" in line for line in head):
            raise ValueError("a header or the path has a line break in it")
        return "\r\n".join([*head, "", ""]).encode("latin-1") + body
