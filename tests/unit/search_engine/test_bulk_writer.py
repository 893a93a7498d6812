import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_core import (
    DiskFullError,
    DocumentsLostError,
    SearchEngineAccessError,
    SearchEngineOverloadedError,
    SearchEngineUnavailableError,
)
from search_engine.backoff import Backoff
from search_engine.bulk_endpoint import BulkAnswer, ItemFailure, RequestTooLargeError
from search_engine.bulk_item import BulkAction, BulkChange
from search_engine.bulk_writer import BulkWriter, Refusal

BUSY = ItemFailure(status=429, kind="rejected_execution_exception", reason="queue is full")
BROKEN = ItemFailure(status=400, kind="mapper_parsing_exception", reason="price is no number")
LOCKED = ItemFailure(
    status=429, kind="cluster_block_exception", reason="index has read-only-allow-delete block"
)

Outcome = ItemFailure | Exception | None


@dataclass
class ScriptedEndpoint:
    """Answers each document by its own script: one outcome a send, the last one for ever.

    An exception is raised for the whole request.
    """

    scripts: dict[str, list[Outcome]] = field(default_factory=dict)
    index: str = "products-1"
    sent: list[list[str]] = field(default_factory=list)
    indexed: set[str] = field(default_factory=set)
    most_documents: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, body: bytes) -> BulkAnswer:
        actions = [orjson.loads(line) for line in body.splitlines()[::2]]
        ids = [options["_id"] for action in actions for options in action.values()]
        with self._lock:
            self.sent.append(ids)
            if self.most_documents is not None and len(ids) > self.most_documents:
                raise RequestTooLargeError("too large")
            failures = {}
            for place, document_id in enumerate(ids):
                script = self.scripts.get(document_id, [None])
                outcome = script.pop(0) if len(script) > 1 else script[0]
                if isinstance(outcome, Exception):
                    raise outcome
                if outcome is None:
                    self.indexed.add(document_id)
                else:
                    failures[place] = outcome
        return BulkAnswer(count=len(ids), failures=failures, took_ms=1)


@dataclass
class Harness:
    endpoint: ScriptedEndpoint
    threads: int = 1
    request_bytes: int = 1_000_000
    attempts: int = 4
    refusals: list[Refusal] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    failures: int = 0

    def writer(self) -> BulkWriter:
        def wait(stopped: threading.Event, seconds: float) -> bool:
            self.waits.append(seconds)
            return stopped.is_set()

        def failed() -> None:
            self.failures += 1

        return BulkWriter(
            self.endpoint,
            threads=self.threads,
            request_bytes=self.request_bytes,
            on_refused=self.refusals.append,
            on_failure=failed,
            backoff=Backoff(first_seconds=1.0, longest_seconds=8.0, attempts=self.attempts),
            random=lambda: 1.0,
            wait=wait,
        )


def documents(*ids: str) -> list[tuple[str, bytes]]:
    return [(document_id, b"{}") for document_id in ids]


def test_documents_arrive_and_are_counted() -> None:
    harness = Harness(ScriptedEndpoint())
    with harness.writer() as writer:
        writer.write(documents("a", "b", "c"))
    assert harness.endpoint.sent == [["a", "b", "c"]]
    assert (writer.statistics.documents, writer.statistics.confirmed) == (3, 3)
    # {"index":{"_id":"a"}}\n{}\n has 21 + 1 + 2 + 1 = 25 bytes.
    assert (writer.statistics.requests, writer.statistics.sent_bytes) == (1, 75)


def test_a_request_is_sent_when_the_next_document_would_make_it_too_large() -> None:
    harness = Harness(ScriptedEndpoint(), request_bytes=50)
    with harness.writer() as writer:
        writer.write(documents("a", "b", "c", "d", "e"))
    assert harness.endpoint.sent == [["a", "b"], ["c", "d"], ["e"]]


def test_a_document_larger_than_a_request_goes_alone() -> None:
    harness = Harness(ScriptedEndpoint(), request_bytes=50)
    with harness.writer() as writer:
        writer.write([("a", b"{}"), ("b", b'{"title":"%b"}' % (b"x" * 100)), ("c", b"{}")])
    assert harness.endpoint.sent == [["a"], ["b"], ["c"]]


def test_a_partial_update_counts_as_the_whole_document_that_opensearch_writes_for_it() -> None:
    harness = Harness(ScriptedEndpoint(), request_bytes=16_000)
    with harness.writer() as writer:
        writer.apply(
            [
                BulkChange(document_id=name, action=BulkAction.UPDATE, document=b'{"price":1}')
                for name in ("a", "b", "c")
            ]
        )
    assert harness.endpoint.sent == [["a", "b"], ["c"]]


def test_what_a_higher_version_has_overtaken_is_settled_and_counted() -> None:
    late = ItemFailure(status=409, kind="version_conflict_engine_exception", reason="higher")
    harness = Harness(ScriptedEndpoint({"a": [late]}))
    settled: list[str] = []
    with harness.writer() as writer:
        changes = [BulkChange(document_id=name, document=b"{}", version=1) for name in ("a", "b")]
        writer.apply(changes, on_settled=lambda: settled.append("all"))
    assert (writer.statistics.confirmed, writer.statistics.late) == (2, 1)
    assert settled == ["all"]


def test_only_the_documents_that_failed_are_sent_again() -> None:
    harness = Harness(ScriptedEndpoint({"b": [BUSY, BUSY, None]}))
    with harness.writer() as writer:
        writer.write(documents("a", "b", "c"))
    assert harness.endpoint.sent == [["a", "b", "c"], ["b"], ["b"]]
    assert writer.statistics.retried_documents == 2
    assert writer.statistics.confirmed == 3


def test_a_request_that_fails_as_a_whole_is_sent_again_as_a_whole() -> None:
    harness = Harness(ScriptedEndpoint({"a": [SearchEngineUnavailableError("no answer"), None]}))
    with harness.writer() as writer:
        writer.write(documents("a", "b"))
    assert harness.endpoint.sent == [["a", "b"], ["a", "b"]]


def test_waits_grow_while_nothing_gets_through() -> None:
    harness = Harness(ScriptedEndpoint({"a": [*[SearchEngineUnavailableError("gone")] * 3, None]}))
    with harness.writer() as writer:
        writer.write(documents("a"))
    assert harness.waits == [1.0, 2.0, 4.0]


def test_a_busy_node_slows_the_requests_after_it_too() -> None:
    harness = Harness(ScriptedEndpoint({"a": [BUSY, None]}), request_bytes=25)
    with harness.writer() as writer:
        writer.write(documents("a", "b"))
    # After the 429: the back-off of a, then the common pause before a's second try. Its success
    # ends the pause, so b goes at once.
    assert harness.waits == [1.0, 0.1]


def test_a_document_refused_for_good_is_reported_and_not_sent_again() -> None:
    harness = Harness(ScriptedEndpoint({"b": [BROKEN]}))
    with harness.writer() as writer:
        writer.write(documents("a", "b", "c"))
    assert harness.refusals == [Refusal(document_id="b", reason="price is no number")]
    assert harness.endpoint.sent == [["a", "b", "c"]]
    assert (writer.statistics.confirmed, writer.statistics.refused) == (2, 1)


def test_a_document_that_cannot_be_written_as_json_is_refused_before_it_is_sent() -> None:
    harness = Harness(ScriptedEndpoint())
    with harness.writer() as writer:
        writer.write([("a", {"title": "\ud800"}), ("b", {"title": "Lamp"})])
    assert [refusal.document_id for refusal in harness.refusals] == ["a"]
    assert harness.endpoint.sent == [["b"]]


def test_a_request_too_large_for_the_node_is_halved_until_it_passes() -> None:
    harness = Harness(ScriptedEndpoint(most_documents=1))
    with harness.writer() as writer:
        writer.write(documents("a", "b", "c"))
    assert harness.endpoint.sent == [["a", "b", "c"], ["a"], ["b", "c"], ["b"], ["c"]]
    assert writer.statistics.confirmed == 3


def test_a_single_document_too_large_for_the_node_is_refused() -> None:
    harness = Harness(ScriptedEndpoint({"b": [RequestTooLargeError("over 10 MB")]}))
    with harness.writer() as writer:
        writer.write(documents("a", "b"))
    assert [refusal.document_id for refusal in harness.refusals] == ["b"]
    assert "over 10 MB" in harness.refusals[0].reason
    assert harness.endpoint.indexed == {"a"}


def test_giving_up_names_the_attempts_and_a_document() -> None:
    harness = Harness(ScriptedEndpoint({"a": [BUSY]}), attempts=3)
    writer = harness.writer()
    writer.write(documents("a", "b"))
    with pytest.raises(SearchEngineOverloadedError, match=r"3 attempts, with 1 documents.*'a'"):
        writer.close()
    assert harness.endpoint.sent == [["a", "b"], ["a"], ["a"]]
    assert harness.failures == 1


def test_progress_counts_as_a_reason_to_go_on() -> None:
    # Each send gets one document through: more sends than attempts, and no failure.
    scripts: dict[str, list[Outcome]] = {
        str(number): [*[BUSY] * number, None] for number in range(6)
    }
    harness = Harness(ScriptedEndpoint(scripts), attempts=3)
    with harness.writer() as writer:
        writer.write(documents(*scripts))
    assert len(harness.endpoint.sent) == 6
    assert writer.statistics.confirmed == 6


def test_a_locked_index_ends_the_run_at_once() -> None:
    harness = Harness(ScriptedEndpoint({"b": [LOCKED]}))
    writer = harness.writer()
    writer.write(documents("a", "b"))
    with pytest.raises(DiskFullError, match="products-1"):
        writer.close()
    assert len(harness.endpoint.sent) == 1
    assert writer.statistics.confirmed == 1


def test_an_error_that_sending_again_does_not_change_ends_the_run_at_once() -> None:
    harness = Harness(ScriptedEndpoint({"a": [SearchEngineAccessError("403")]}))
    writer = harness.writer()
    writer.write(documents("a"))
    with pytest.raises(SearchEngineAccessError):
        writer.close()
    assert len(harness.endpoint.sent) == 1


def test_after_a_failure_nothing_more_is_taken() -> None:
    harness = Harness(ScriptedEndpoint({"a": [SearchEngineAccessError("403")]}), request_bytes=25)
    writer = harness.writer()
    with pytest.raises(SearchEngineAccessError):
        writer.write(documents("a", *(f"b{number}" for number in range(1_000))))
    writer.abort()
    # One sender, one request ready: at most what was on its way.
    assert len(harness.endpoint.sent) == 1


class MiscountingEndpoint:
    index = "products-1"

    def send(self, body: bytes) -> BulkAnswer:
        return BulkAnswer(count=1)


def test_an_answer_for_fewer_documents_than_were_sent_is_an_error() -> None:
    writer = BulkWriter(
        MiscountingEndpoint(), threads=1, request_bytes=1_000, on_refused=lambda _: None
    )
    writer.write(documents("a", "b"))
    with pytest.raises(DocumentsLostError, match="1 of 2 documents"):
        writer.close()


def test_a_batch_is_settled_when_its_last_document_is_confirmed_or_refused() -> None:
    harness = Harness(ScriptedEndpoint({"a": [BUSY, None], "b": [BROKEN]}))
    settled: list[str] = []

    def settle(name: str) -> Callable[[], None]:
        return lambda: settled.append(name)

    with harness.writer() as writer:
        writer.write(documents("a", "b"), on_settled=settle("first"))
        writer.write([], on_settled=settle("empty"))
        writer.write(documents("c"), on_settled=settle("second"))
        assert settled == ["empty"]
    # c is confirmed by the first send, a only by the second.
    assert settled == ["empty", "second", "first"]


def test_a_block_that_raises_sends_nothing_more() -> None:
    harness = Harness(ScriptedEndpoint())

    def interrupted() -> None:
        with harness.writer() as writer:
            writer.write(documents("a"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert harness.endpoint.sent == []


OUTCOMES: st.SearchStrategy[list[Outcome]] = st.lists(
    st.sampled_from(
        [BUSY, SearchEngineUnavailableError("gone"), SearchEngineOverloadedError("429")]
    ),
    max_size=2,
).flatmap(lambda passing: st.sampled_from([[*passing, None], [*passing, BROKEN]]))


@given(
    scripts=st.lists(OUTCOMES, max_size=30),
    threads=st.integers(1, 3),
    request_bytes=st.integers(1, 400),
    batch=st.integers(1, 10),
    most_documents=st.one_of(st.none(), st.integers(1, 5)),
)
def test_whatever_happens_on_the_way_each_document_is_confirmed_or_refused_once(
    scripts: Sequence[list[Outcome]],
    threads: int,
    request_bytes: int,
    batch: int,
    most_documents: int | None,
) -> None:
    by_id = {f"p{number}": list(script) for number, script in enumerate(scripts)}
    ids = list(by_id)
    good = {document_id for document_id in ids if by_id[document_id][-1] is None}
    endpoint = ScriptedEndpoint(by_id, most_documents=most_documents)
    harness = Harness(endpoint, threads=threads, request_bytes=request_bytes, attempts=1_000)
    settled: list[int] = []
    with harness.writer() as writer:
        for start in range(0, len(ids), batch):
            writer.write(
                documents(*ids[start : start + batch]),
                on_settled=lambda start=start: settled.append(start),
            )
    assert endpoint.indexed == good
    assert sorted(r.document_id for r in harness.refusals) == sorted(set(ids) - good)
    statistics = writer.statistics
    assert statistics.documents == len(ids) == statistics.confirmed + statistics.refused
    assert statistics.confirmed == len(good)
    assert sorted(settled) == list(range(0, len(ids), batch))
