import pytest
from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_core import DiskFullError, SearchEngineError, SearchEngineUnavailableError
from search_engine.bulk_endpoint import (
    BulkAnswer,
    IndexBulkEndpoint,
    ItemFailure,
    RequestTooLargeError,
    bulk_answer,
    index_locked,
)

LOCK = (
    "index [products-1] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage "
    "watermark, index has read-only-allow-delete block];"
)


class FailingClient(OpenSearch):
    """A client whose bulk requests end in one exception."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def bulk(self, *args: object, **options: object) -> object:
        raise self._error


def send_to(error: Exception) -> None:
    IndexBulkEndpoint(FailingClient(error), "products-1").send(b"")


def test_an_answer_without_errors_only_counts() -> None:
    answer = {"took": 7, "errors": False, "items": [{"index": {"status": 201}}] * 3}
    assert bulk_answer(answer) == BulkAnswer(count=3, took_ms=7)


def test_failures_are_kept_by_their_place_with_the_innermost_reason() -> None:
    error = {
        "type": "mapper_parsing_exception",
        "reason": "failed to parse field [price]",
        "caused_by": {"reason": "For input string: x"},
    }
    answer = {
        "took": 7,
        "errors": True,
        "items": [{"index": {"status": 201}}, {"index": {"status": 400, "error": error}}],
    }
    assert bulk_answer(answer).failures == {
        1: ItemFailure(
            status=400,
            kind="mapper_parsing_exception",
            reason="failed to parse field [price]: For input string: x",
        )
    }


def test_an_answer_that_is_no_json_can_be_asked_for_again() -> None:
    with pytest.raises(SearchEngineUnavailableError, match="broke off"):
        send_to(foreign.SerializationError("half", ValueError("half")))


def test_413_is_told_apart_because_halves_may_pass() -> None:
    with pytest.raises(RequestTooLargeError, match="413"):
        send_to(foreign.TransportError(413, "too large", {}))


def test_a_full_disk_is_a_disk_full_error_with_what_to_do() -> None:
    error = foreign.TransportError(
        429, "cluster_block_exception", {"error": {"reason": LOCK, "type": "x"}}
    )
    with pytest.raises(DiskFullError, match="locked products-1") as caught:
        send_to(error)
    assert "--resume" in str(caught.value)


def test_another_lock_is_not_taken_for_a_full_disk() -> None:
    error = index_locked("products-1", "blocked by: [FORBIDDEN/8/index write (api)]")
    assert not isinstance(error, DiskFullError)
    assert isinstance(error, SearchEngineError)
