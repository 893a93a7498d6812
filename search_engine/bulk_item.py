"""One document on its way to OpenSearch, as bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


class UnwritableDocumentError(ValueError):
    """A document that cannot be put into a bulk request."""


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


def bulk_lines(document_id: str, document: Mapping[str, Any] | bytes) -> bytes:
    """Return a document's action and source lines.

    The action is `index` with the document's own id, so that sending it again changes nothing.

    Args:
        document_id: becomes `_id`.
        document: fields, vectors as numpy rows; or JSON in one line, taken as it is.

    Raises:
        UnwritableDocumentError: the id or a value cannot be sent. The message says which.
    """
    if not document_id or len(document_id.encode("utf-8", "surrogatepass")) > _LONGEST_ID_BYTES:
        raise UnwritableDocumentError(f"the id has to have 1 to {_LONGEST_ID_BYTES} bytes in UTF-8")
    try:
        action = orjson.dumps({"index": {"_id": document_id}})
        source = document if isinstance(document, bytes) else _source(document)
    except TypeError as error:  # orjson.JSONEncodeError is one
        raise UnwritableDocumentError(f"cannot be written as JSON: {error}") from error
    return b"%b\n%b\n" % (action, source)


def _source(document: Mapping[str, Any]) -> bytes:
    rounded = {
        name: np.round(value, _VECTOR_DECIMALS) if isinstance(value, np.ndarray) else value
        for name, value in document.items()
    }
    return orjson.dumps(rounded, option=_OPTIONS)
