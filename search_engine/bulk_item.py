"""One document on its way to OpenSearch, as bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

import numpy as np
import orjson

_VECTOR_DECIMALS = 5
"""Digits kept of a vector's numbers. A quarter fewer bytes to send and to parse than float32's
shortest form; inner products of unit vectors move by at most 2e-5 (docs/indexing.md)."""

_LONGEST_ID_BYTES = 512
"""OpenSearch's limit. It refuses the whole request for one longer id, so it is kept from it."""

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


_EXTERNAL_START = 10**15
"""Added to the versions that a sender counts, so that they lie above those that OpenSearch counts
by itself: a change number 1 is not older than a document that was written twice."""

LARGEST_VERSION = 2**63 - 1 - _EXTERNAL_START

_UPDATE_TRIES = 3
"""How often OpenSearch itself repeats a partial update that another write has overtaken."""


_WHOLE_DOCUMENT_BYTES = 8_000
"""A product of an electronics catalogue with its vector."""


class UnwritableDocumentError(ValueError):
    """A document that cannot be put into a bulk request."""


class BulkAction(StrEnum):
    """What is done to a document. The values are OpenSearch's."""

    INDEX = "index"
    """Write the whole document, whether there is one or not."""
    UPDATE = "update"
    """Change the fields that are given; the document must be there."""
    DELETE = "delete"
    """Remove the document; one that is not there counts as removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """One change of one document."""

    document_id: str
    action: BulkAction = BulkAction.INDEX
    document: Mapping[str, Any] | bytes | None = None
    """Fields, vectors as numpy rows; or JSON in one line, taken as it is. `None` for a deletion."""
    version: int | None = None
    """0 to `LARGEST_VERSION`: the change counts only if the document has no higher one. Not for
    partial updates, which OpenSearch does not compare."""


class DocumentBatch:
    """Documents handed over together; calls back when each is confirmed or refused."""

    def __init__(self, size: int, on_settled: Callable[[], None] | None) -> None:
        self._open = size
        self._on_settled = on_settled
        self._lock = Lock()

    def settle(self, count: int) -> None:
        """Take note of documents that are confirmed or refused."""
        with self._lock:
            self._open -= count
            done = self._open == 0
        if done and self._on_settled is not None:
            self._on_settled()


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkItem:
    """A document's lines in a bulk request."""

    document_id: str
    lines: bytes
    """Action and source, each ended by a newline."""
    batch: DocumentBatch
    action: BulkAction = BulkAction.INDEX
    versioned: bool = False

    @property
    def weight(self) -> int:
        """Return the item's share of a request, in bytes of whole documents.

        A partial update is short, but OpenSearch writes its whole document again: a request full of
        them would take minutes.
        """
        length = len(self.lines)
        return max(length, _WHOLE_DOCUMENT_BYTES) if self.action is BulkAction.UPDATE else length


def bulk_lines(change: BulkChange) -> bytes:
    """Return a change's action line and, but for a deletion, its source line.

    Actions name the document by its own id, so that sending them again changes nothing.

    Raises:
        UnwritableDocumentError: the id or a value cannot be sent. The message says which.
    """
    document_id = change.document_id
    if not document_id or len(document_id.encode("utf-8", "surrogatepass")) > _LONGEST_ID_BYTES:
        raise UnwritableDocumentError(f"the id has to have 1 to {_LONGEST_ID_BYTES} bytes in UTF-8")
    try:
        action = orjson.dumps({change.action.value: _action_options(change)})
        if change.document is None:
            return b"%b\n" % action
        document = change.document
        source = document if isinstance(document, bytes) else _source(document)
    except TypeError as error:  # orjson.JSONEncodeError is one
        raise UnwritableDocumentError(f"cannot be written as JSON: {error}") from error
    if change.action is BulkAction.UPDATE:
        source = b'{"doc":%b}' % source
    return b"%b\n%b\n" % (action, source)


def _action_options(change: BulkChange) -> dict[str, Any]:
    options: dict[str, Any] = {"_id": change.document_id}
    if change.action is BulkAction.UPDATE:
        options["retry_on_conflict"] = _UPDATE_TRIES
    elif change.version is not None:
        options["version"] = _EXTERNAL_START + change.version
        # Equal ones pass, so that a change that is sent twice is written twice and not refused.
        options["version_type"] = "external_gte"
    return options


def _source(document: Mapping[str, Any]) -> bytes:
    rounded = {
        name: np.round(value, _VECTOR_DECIMALS) if isinstance(value, np.ndarray) else value
        for name, value in document.items()
    }
    return orjson.dumps(rounded, option=_OPTIONS)
