import pytest

from search_core import (
    DiskFullError,
    IndexingError,
    SearchEngineOverloadedError,
    SearchEngineUnavailableError,
)
from search_engine.bulk_endpoint import ItemFailure
from search_engine.bulk_item import BulkAction
from search_engine.bulk_verdict import Verdict, fatal_error, passing_error, verdict


def failure(status: int, kind: str = "some_exception", reason: str = "because") -> ItemFailure:
    return ItemFailure(status=status, kind=kind, reason=reason)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (429, Verdict.AGAIN),
        (500, Verdict.AGAIN),
        (503, Verdict.AGAIN),
        (400, Verdict.REFUSED),
        (413, Verdict.REFUSED),
        (401, Verdict.FATAL),
        (403, Verdict.FATAL),
        (404, Verdict.FATAL),
        (409, Verdict.FATAL),
    ],
)
def test_the_status_decides_what_becomes_of_a_document(status: int, expected: Verdict) -> None:
    assert verdict(failure(status)) is expected


@pytest.mark.parametrize("status", [403, 429])
def test_a_locked_index_is_fatal_whatever_its_status(status: int) -> None:
    assert verdict(failure(status, "cluster_block_exception")) is Verdict.FATAL


def test_a_full_disk_is_told_as_such() -> None:
    locked = failure(429, "cluster_block_exception", "index has read-only-allow-delete block")
    assert isinstance(fatal_error("products-1", "a1", locked), DiskFullError)


def test_errors_name_the_product_and_the_index() -> None:
    error = fatal_error("products-1", "a1", failure(404, "index_not_found_exception"))
    assert isinstance(error, IndexingError)
    assert "'a1'" in str(error)
    assert "products-1" in str(error)
    assert isinstance(passing_error("products-1", "a1", failure(429)), SearchEngineOverloadedError)
    assert isinstance(passing_error("products-1", "a1", failure(503)), SearchEngineUnavailableError)


def test_a_document_that_was_to_be_deleted_and_is_not_there_is_done() -> None:
    assert verdict(failure(404), BulkAction.DELETE) is Verdict.DONE


def test_a_part_of_a_document_that_is_not_there_is_refused() -> None:
    assert verdict(failure(404), BulkAction.UPDATE) is Verdict.REFUSED


@pytest.mark.parametrize("action", list(BulkAction))
def test_an_index_that_is_not_there_is_fatal_to_every_action(action: BulkAction) -> None:
    assert verdict(failure(404, "index_not_found_exception"), action) is Verdict.FATAL


def test_a_change_that_a_higher_version_has_overtaken_is_late() -> None:
    assert verdict(failure(409), BulkAction.INDEX, versioned=True) is Verdict.LATE
    assert verdict(failure(409), BulkAction.DELETE, versioned=True) is Verdict.LATE


def test_a_part_that_another_write_has_overtaken_is_sent_again() -> None:
    assert verdict(failure(409), BulkAction.UPDATE) is Verdict.AGAIN
