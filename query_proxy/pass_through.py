"""Hands a request to OpenSearch, and its answer back, byte for byte."""

from collections.abc import AsyncIterator, Sequence

import aiohttp

from query_proxy.client_presence import unless_gone
from query_proxy.forwarded_headers import for_client
from query_proxy.incoming_request import IncomingRequest, Send
from query_proxy.upstream import Upstream

_WHOLE_UP_TO_BYTES = 256 * 1024
"""Answers up to this are read before they are sent: one write instead of several."""


class PassThrough:
    """Sends requests on as they are."""

    def __init__(self, upstream: Upstream, timeout_seconds: float) -> None:
        self._upstream = upstream
        self._timeout_seconds = timeout_seconds

    async def __call__(
        self,
        request: IncomingRequest,
        send: Send,
        body: bytes | AsyncIterator[bytes] | None,
        *,
        repeatable: bool,
        extra_headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> int:
        """Answer a request as OpenSearch does.

        Args:
            request: of the client.
            send: of the server.
            body: as sent, whole or still to be read.
            repeatable: whether the request may be sent twice.
            extra_headers: added to the answer.

        Returns:
            The answer's status.

        Raises:
            SearchEngineError: no answer; nothing was sent yet, or the answer broke off.
            ClientGoneError: the client left, and the request to OpenSearch was given up.
        """
        work = self._relay(request, send, body, repeatable=repeatable, extra=extra_headers)
        if not isinstance(body, bytes):
            return await work  # the client's leaving is noticed while its body is read
        return await unless_gone(work, request)

    async def _relay(
        self,
        request: IncomingRequest,
        send: Send,
        body: bytes | AsyncIterator[bytes] | None,
        *,
        repeatable: bool,
        extra: Sequence[tuple[bytes, bytes]],
    ) -> int:
        async with self._upstream.request(
            request.method,
            request.raw_target,
            request.headers,
            body or None,
            timeout_seconds=self._timeout_seconds,
            repeatable=repeatable,
        ) as response:
            whole = await response.read() if _is_small(response) else None
            headers = [*for_client(response.raw_headers), *extra]
            start = {"type": "http.response.start", "status": response.status, "headers": headers}
            await send(start)
            if whole is None:
                async for part in response.content.iter_any():
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": whole or b""})
            return response.status


def _is_small(response: aiohttp.ClientResponse) -> bool:
    length = response.content_length
    return length is not None and length <= _WHOLE_UP_TO_BYTES
