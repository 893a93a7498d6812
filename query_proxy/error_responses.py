"""Errors as HTTP responses, in the shape that OpenSearch's own errors have."""

import asyncio
import gzip
import logging
import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from query_proxy.incoming_request import Send
from search_core import (
    EncoderError,
    FilterError,
    ForbiddenError,
    IndexNotFoundError,
    LanguageModelError,
    LimitError,
    MalformedRequestError,
    PageError,
    ProductNotFoundError,
    QueryError,
    RequestError,
    RequestTooLargeError,
    RerankerError,
    RerankerLanguageError,
    SearchEngineAccessError,
    SearchEngineError,
    SearchEngineOverloadedError,
    SearchEngineRequestError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
    ShopkeeperError,
    TooManyRequestsError,
    UnauthenticatedError,
)

INTERNAL_ERROR = 500
ZIPPED_FROM_BYTES = 1_024
"""Below, the saved packets are none."""
COMPRESSION_LEVEL = 3
"""As OpenSearch has it."""
_COMPRESSED_ELSEWHERE_FROM_BYTES = 131_072
"""Longer answers would hold up the others: some 3 ms."""

# The first class that an error is an instance of decides.
_STATUS: tuple[tuple[type[ShopkeeperError], int], ...] = (
    (UnauthenticatedError, 401),
    (ForbiddenError, 403),
    (RequestTooLargeError, 413),
    (TooManyRequestsError, 429),
    (MalformedRequestError, 400),
    (LimitError, 400),
    (RequestError, 400),
    (FilterError, 400),
    (PageError, 400),
    (ProductNotFoundError, 404),
    (QueryError, 400),
    (IndexNotFoundError, 404),
    (SearchEngineOverloadedError, 429),
    (SearchEngineTimeoutError, 504),
    (SearchEngineAccessError, 403),
    (SearchEngineRequestError, 400),
    (SearchEngineUnavailableError, 503),
    (SearchEngineError, 502),
    (EncoderError, 503),
    (RerankerLanguageError, 400),
    (RerankerError, 503),
    (LanguageModelError, 503),
)
_TELL_WHERE = ("OpenSearch cannot be reached", "OpenSearch did not answer in time")
"""What goes on with a colon may name the host of OpenSearch: that is told in the log only."""
_OF_TRITON = re.compile(r"(.*?\bTriton) at \S+?( [^:]*)?(?:: .*)?", re.DOTALL)
"""A sentence that names Triton's address, then perhaps a colon and what Triton itself says."""
_OF_FILES = re.compile(r"(.*? does not load): .*", re.DOTALL)
"""A sentence that goes on with folders of this machine."""
_EXTRA_HEADERS: dict[int, list[tuple[bytes, bytes]]] = {
    401: [(b"www-authenticate", b'Basic realm="shopkeeper", ApiKey')],
    429: [(b"retry-after", b"1")],
    503: [(b"retry-after", b"5")],
}


def http_status(error: ShopkeeperError) -> int:
    """Return the HTTP status of an error; what no client can cause or mend is 500."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), INTERNAL_ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldError:
    """What a client is told of an error: no address of what stands behind the proxy."""

    code: str
    reason: str
    remedy: str | None


def told_error(error: ShopkeeperError) -> ToldError:
    """Return what a client is told of an error."""
    without_place = _without_place(error)
    if without_place:
        remedy = "try again in some seconds; the proxy's log says why"
        return ToldError(code=error.code, reason=without_place, remedy=remedy)
    return ToldError(code=error.code, reason=error.message, remedy=error.remedy or None)


def told_failure(reason: str) -> str:
    """Return what a client is told of something that a search did without; the log has it whole."""
    found = _OF_TRITON.fullmatch(reason) or _OF_FILES.fullmatch(reason)
    return reason if found is None else "".join(each or "" for each in found.groups())


def error_body(error: ShopkeeperError) -> dict[str, Any]:
    """Return the JSON of an error."""
    told = told_error(error)
    cause: dict[str, Any] = {"type": told.code, "reason": told.reason}
    if told.remedy:
        cause["remedy"] = told.remedy
    return {"error": {"root_cause": [cause], **cause}, "status": http_status(error)}


def log_refusal(logger: logging.Logger, event: str, error: ShopkeeperError) -> None:
    """Note an error that a client is told.

    What the client is not told whole is a warning, which is logged by default: nobody else says it.
    While OpenSearch is left alone (`CircuitBreaker`) there are no such errors, so they are few.
    """
    level = logging.WARNING if _without_place(error) else logging.INFO
    logger.log(level, "%s code=%s: %s", event, error.code, error.message)


def _without_place(error: ShopkeeperError) -> str:
    """Return what may be told of an error that may name hosts; empty: it does not."""
    if isinstance(error, RerankerError):
        told = told_failure(error.message)
        return "" if told == error.message else told
    if not isinstance(error, SearchEngineError):
        return ""
    return next((each for each in _TELL_WHERE if error.message.startswith(f"{each}:")), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonAnswer:
    """A complete answer of our own."""

    status: int
    body: Any
    """What orjson can write."""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    indent: bool = False
    zipped: bool = False
    """Whether the client reads gzip: then so is what is long."""

    async def send(self, send: Send, *, without_body: bool = False) -> int:
        """Send it.

        Args:
            send: of the server.
            without_body: it answers a HEAD request.

        Returns:
            The bytes of the body.
        """
        options = orjson.OPT_INDENT_2 if self.indent else 0
        body = orjson.dumps(self.body, option=options | orjson.OPT_SERIALIZE_NUMPY)
        headers = [(b"content-type", b"application/json; charset=UTF-8"), *self.headers]
        if self.zipped and len(body) >= ZIPPED_FROM_BYTES:
            body = await _compressed(body)
            headers += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if without_body else body})
        return len(body)


async def _compressed(body: bytes) -> bytes:
    if len(body) < _COMPRESSED_ELSEWHERE_FROM_BYTES:
        return gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, body, COMPRESSION_LEVEL, mtime=0)


def error_answer(error: ShopkeeperError) -> JsonAnswer:
    """Return the answer that tells an error."""
    status = http_status(error)
    return JsonAnswer(
        status=status, body=error_body(error), headers=list(_EXTRA_HEADERS.get(status, ()))
    )


def internal_error_answer(request_id: str) -> JsonAnswer:
    """Return the answer for a mistake of ours, which is told in the log only."""
    cause = {
        "type": "internal_error",
        "reason": f"a mistake of the proxy; its log has {request_id}",
    }
    return JsonAnswer(
        status=INTERNAL_ERROR,
        body={"error": {"root_cause": [cause], **cause}, "status": INTERNAL_ERROR},
    )
