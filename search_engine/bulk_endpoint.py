"""Sends one bulk request to OpenSearch and reads its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_core import DiskFullError, SearchEngineError, SearchEngineUnavailableError
from search_engine.connection import translated_errors

_TOO_LARGE = 413
_OK = range(200, 300)

# Ids are left out: items come back in the order in which they were sent.
_ANSWER_FIELDS = (
    "took,errors,items.*.status,items.*.error.type,items.*.error.reason,"
    "items.*.error.caused_by.reason"
)

CLUSTER_BLOCK = "cluster_block_exception"


class RequestTooLargeError(SearchEngineError):
    """The node, or a proxy before it, does not take requests of that size (413)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFailure:
    """Why one document of a request was not indexed."""

    status: int
    kind: str
    """OpenSearch's name of the exception, e.g. `mapper_parsing_exception`."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAnswer:
    """What OpenSearch says about one bulk request."""

    count: int
    """Documents that the answer speaks about."""
    failures: Mapping[int, ItemFailure] = field(default_factory=dict)
    """Position in the request, from 0 → failure."""
    took_ms: int = 0


class BulkEndpoint(Protocol):
    """Where bulk requests go. Called from several threads at once."""

    @property
    def index(self) -> str:
        """The index that is written, for messages."""
        ...

    def send(self, body: bytes) -> BulkAnswer:
        """Send one request, once.

        Args:
            body: action and source lines, each ended by a newline.

        Raises:
            SearchEngineOverloadedError: 429 for the whole request.
            SearchEngineUnavailableError: no connection, 5xx, or an answer that broke off.
            SearchEngineTimeoutError: no answer in time.
            RequestTooLargeError: 413.
            DiskFullError: the index is locked because the node's disk is full.
            SearchEngineError: anything else, which sending again would not change.
        """
        ...


class IndexBulkEndpoint:
    """The `_bulk` endpoint of one index."""

    def __init__(self, client: OpenSearch, index: str) -> None:
        self._client = client
        self._index = index

    @property
    def index(self) -> str:
        """The index that is written."""
        return self._index

    def send(self, body: bytes) -> BulkAnswer:
        """Send one request: see `BulkEndpoint.send`."""
        try:
            with translated_errors():
                answer = self._client.bulk(
                    body=body, index=self._index, params={"filter_path": _ANSWER_FIELDS}
                )
        except SearchEngineError as error:
            raise self._narrowed(error) from error.__cause__
        if not isinstance(answer, dict):
            raise SearchEngineUnavailableError(
                f"OpenSearch's answer to a bulk request for {self._index} is not JSON"
            )
        return bulk_answer(answer)

    def _narrowed(self, error: SearchEngineError) -> Exception:
        cause = error.__cause__
        if isinstance(cause, foreign.SerializationError):
            return SearchEngineUnavailableError(
                f"OpenSearch's answer to a bulk request for {self._index} broke off"
            )
        if isinstance(cause, foreign.TransportError):
            if cause.status_code == _TOO_LARGE:
                return RequestTooLargeError(
                    f"OpenSearch does not take bulk requests of that size for {self._index} (413)",
                    remedy="lower indexer.bulk_bytes, or raise http.max_content_length",
                )
            if CLUSTER_BLOCK in str(cause.error):
                return index_locked(self._index, str(cause.info))
        return error


def bulk_answer(answer: Mapping[str, Any]) -> BulkAnswer:
    """Read the body of a bulk answer."""
    items = answer.get("items", [])
    failures: dict[int, ItemFailure] = {}
    if answer.get("errors"):
        for position, item in enumerate(items):
            (result,) = item.values()
            if result["status"] not in _OK:
                failures[position] = _item_failure(result)
    return BulkAnswer(count=len(items), failures=failures, took_ms=answer.get("took", 0))


def _item_failure(result: Mapping[str, Any]) -> ItemFailure:
    error = result.get("error", {})
    reason = error.get("reason", "OpenSearch gives no reason")
    cause = error.get("caused_by", {}).get("reason")
    return ItemFailure(
        status=result["status"],
        kind=error.get("type", "unknown"),
        reason=f"{reason}: {cause}" if cause else reason,
    )


def index_locked(index: str, reason: str) -> DiskFullError | SearchEngineError:
    """Return the error for an index that OpenSearch has locked against writing."""
    if "read-only-allow-delete" in reason or "read_only_allow_delete" in reason:
        return DiskFullError(
            f"OpenSearch has locked {index} because its disk is nearly full: {reason}",
            remedy="make room on the node's disk (it unlocks the index by itself, or set "
            "index.blocks.read_only_allow_delete to null), then go on with --resume",
        )
    return SearchEngineError(
        f"{index} is locked against writing: {reason}",
        remedy="look at the index's and the cluster's `blocks` settings, then go on with --resume",
    )
