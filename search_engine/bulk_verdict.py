"""What a document's failure in a bulk answer means for it."""

from enum import StrEnum

from search_core import IndexingError, SearchEngineOverloadedError, SearchEngineUnavailableError
from search_core.errors import ShopkeeperError
from search_engine.bulk_endpoint import CLUSTER_BLOCK, ItemFailure, index_locked
from search_engine.bulk_item import BulkAction

OVERLOADED = 429
_PASSING = frozenset({OVERLOADED, 500, 502, 503, 504})
_DOCUMENTS_FAULT = frozenset({400, 413})
_NOT_FOUND = 404
_CONFLICT = 409
_NO_INDEX = "index_not_found_exception"


class Verdict(StrEnum):
    """What is done about a document that was not indexed."""

    AGAIN = "again"
    """The node could not take it just now."""
    REFUSED = "refused"
    """Something is wrong with the document itself."""
    FATAL = "fatal"
    """Something is wrong with the index: every other document would meet the same."""
    DONE = "done"
    """A document that was to be deleted is not there."""
    LATE = "late"
    """The document has a higher version than the change."""


def verdict(
    failure: ItemFailure, action: BulkAction = BulkAction.INDEX, *, versioned: bool = False
) -> Verdict:
    """Return what is to be done about a failure.

    Args:
        failure: what OpenSearch says.
        action: what was asked for.
        versioned: it was only to be done if the document has no higher version.
    """
    if failure.status == _NOT_FOUND and failure.kind != _NO_INDEX:
        if action is BulkAction.DELETE:
            return Verdict.DONE
        if action is BulkAction.UPDATE:
            return Verdict.REFUSED
    if failure.status == _CONFLICT and versioned:
        return Verdict.LATE
    if failure.status == _CONFLICT and action is BulkAction.UPDATE:
        return Verdict.AGAIN
    if failure.kind == CLUSTER_BLOCK:
        # Some versions answer 429 to a full disk; waiting does not empty it.
        return Verdict.FATAL
    if failure.status in _PASSING:
        return Verdict.AGAIN
    return Verdict.REFUSED if failure.status in _DOCUMENTS_FAULT else Verdict.FATAL


def fatal_error(index: str, document_id: str, failure: ItemFailure) -> ShopkeeperError:
    """Return the error for a failure that ends the run."""
    if failure.kind == CLUSTER_BLOCK:
        return index_locked(index, failure.reason)
    return IndexingError(
        f"OpenSearch does not let product {document_id!r} be written into {index} "
        f"({failure.status} {failure.kind}): {failure.reason}"
    )


def passing_error(index: str, document_id: str, failure: ItemFailure) -> ShopkeeperError:
    """Return the error for a failure that did not pass within the attempts."""
    kind = (
        SearchEngineOverloadedError
        if failure.status == OVERLOADED
        else SearchEngineUnavailableError
    )
    return kind(
        f"OpenSearch could not write product {document_id!r} into {index} "
        f"({failure.status} {failure.kind}): {failure.reason}",
        remedy="look at the node's load and log, then go on with --resume",
    )
