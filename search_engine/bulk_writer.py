"""Writes documents into an index: in large requests, several at once, each accounted for.

Documents are gathered until a request has the size that OpenSearch likes, then a pool of senders
takes it. The producer waits when every sender is busy and one request is ready, so memory stays at
`(threads + 2) * request_bytes` however fast it is. Documents that fail for a passing reason are
sent again, those only; documents refused for good are reported and counted. `close` checks that
every document was confirmed or refused.
"""

import logging
import random as _random
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from search_core import (
    DocumentsLostError,
    SearchEngineOverloadedError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)
from search_core.errors import ShopkeeperError
from search_engine.backoff import Backoff, Throttle
from search_engine.bulk_endpoint import BulkAnswer, BulkEndpoint, RequestTooLargeError
from search_engine.bulk_item import (
    BulkChange,
    BulkItem,
    DocumentBatch,
    UnwritableDocumentError,
    bulk_lines,
)
from search_engine.bulk_statistics import BulkCounter, BulkStatistics
from search_engine.bulk_verdict import OVERLOADED, Verdict, fatal_error, passing_error, verdict

_logger = logging.getLogger(__name__)

_PASSING = (SearchEngineOverloadedError, SearchEngineUnavailableError, SearchEngineTimeoutError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A document that OpenSearch will not take, however often it is sent."""

    document_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unwritten:
    """What one send left over, and the error to raise if sending again is in vain."""

    items: Sequence[BulkItem]
    error: ShopkeeperError | None


class BulkWriter:
    """Writes documents into one index. `write` and `close` belong to one thread.

    Used as a context manager it closes when the block ends, and aborts when the block raises.
    """

    def __init__(
        self,
        endpoint: BulkEndpoint,
        *,
        threads: int,
        request_bytes: int,
        on_refused: Callable[[Refusal], None],
        on_failure: Callable[[], None] = lambda: None,
        backoff: Backoff | None = None,
        random: Callable[[], float] = _random.random,
        wait: Callable[[threading.Event, float], bool] = threading.Event.wait,
    ) -> None:
        """Start the senders; nothing is sent yet.

        Args:
            endpoint: where requests go.
            threads: requests under way at once.
            request_bytes: a request is sent when the next document would make it larger.
            on_refused: told of each document refused for good, one at a time, from any thread.
            on_failure: told once nothing more will be sent, so that the producer need not go on
                until its next `write`.
            backoff: waits between attempts.
            random: gives numbers in [0, 1), for the jitter.
            wait: waits for an event or so many seconds; tests pass one that takes no time.
        """
        self._endpoint = endpoint
        self._request_bytes = request_bytes
        self._on_refused = on_refused
        self._on_failure = on_failure
        self._backoff = backoff or Backoff()
        self._random = random
        self._wait = wait
        self._throttle = Throttle()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="bulk-writer")
        # One request more than there are senders: it is ready when a sender becomes free.
        self._slots = threading.Semaphore(threads + 1)
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._failure: BaseException | None = None
        self._counter = BulkCounter()
        self._buffer: list[BulkItem] = []
        self._buffer_bytes = 0

    @property
    def statistics(self) -> BulkStatistics:
        """What has been done so far."""
        return self._counter.statistics

    def write(
        self,
        documents: Sequence[tuple[str, Mapping[str, Any] | bytes]],
        on_settled: Callable[[], None] | None = None,
    ) -> None:
        """Take documents; waits while all senders are busy.

        Args:
            documents: id and fields (see `bulk_item.BulkChange.document`).
            on_settled: called once every one of them is confirmed or refused, from any thread.

        Raises:
            ShopkeeperError: an earlier request failed for good; nothing more will be sent.
        """
        changes = [BulkChange(document_id=name, document=fields) for name, fields in documents]
        self.apply(changes, on_settled)

    def apply(
        self, changes: Sequence[BulkChange], on_settled: Callable[[], None] | None = None
    ) -> None:
        """Take changes of any kind, as `write` takes documents.

        Two changes of one document must not be under way at once: with several senders, and with
        retries, the second may overtake the first.
        """
        batch = DocumentBatch(len(changes), on_settled)
        self._counter.add(documents=len(changes))
        if not changes:
            batch.settle(0)
        for change in changes:
            try:
                lines = bulk_lines(change)
            except UnwritableDocumentError as error:
                self._refuse(change.document_id, str(error), batch)
                continue
            item = BulkItem(
                document_id=change.document_id,
                lines=lines,
                batch=batch,
                action=change.action,
                versioned=change.version is not None,
            )
            if self._buffer and self._buffer_bytes + item.weight > self._request_bytes:
                self._hand_over()
            self._buffer.append(item)
            self._buffer_bytes += item.weight
        self._raise_failure()

    def close(self) -> BulkStatistics:
        """Send what is left, wait for every answer, and check that no document is unaccounted for.

        Raises:
            ShopkeeperError: a request failed for good.
            DocumentsLostError: documents are neither confirmed nor refused.
        """
        if self._buffer:
            self._hand_over()
        self._pool.shutdown(wait=True)
        self._raise_failure()
        done = self._counter.statistics
        missing = done.documents - done.confirmed - done.refused
        if missing:
            raise DocumentsLostError(
                f"{missing} of {done.documents} documents are neither confirmed nor refused",
                remedy="go on with --resume: what is missing is written again",
            )
        return done

    def abort(self) -> None:
        """Send nothing more; requests that are under way are waited for, retries are not."""
        self._stopped.set()
        self._buffer = []
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            try:
                self.close()
            finally:
                self.abort()
        else:
            self.abort()

    def _hand_over(self) -> None:
        self._slots.acquire()
        items, self._buffer, self._buffer_bytes = self._buffer, [], 0
        if self._stopped.is_set():
            self._slots.release()
            self._raise_failure()
            return
        self._pool.submit(self._deliver, items).add_done_callback(self._delivered)

    def _delivered(self, future: "Future[None]") -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            with self._lock:
                self._failure = self._failure or error
            self._stopped.set()
            self._on_failure()
        self._slots.release()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _deliver(self, items: Sequence[BulkItem]) -> None:
        failed = 0
        while items:
            self._pause(self._throttle.pause_seconds)
            if self._stopped.is_set():
                return
            try:
                left = self._send(items)
            except RequestTooLargeError as error:
                self._deliver_halves(items, error)
                return
            if left.error is None:
                return
            # Progress is a reason to go on: only sends without any are counted.
            failed = failed + 1 if len(left.items) == len(items) else 1
            if failed >= self._backoff.attempts:
                raise self._given_up(left.items, left.error)
            _logger.info("bulk_retry documents=%d failed=%d", len(left.items), failed)
            self._counter.add(retried_documents=len(left.items))
            self._pause(self._backoff.delay_seconds(failed, self._random))
            items = left.items

    def _deliver_halves(self, items: Sequence[BulkItem], error: RequestTooLargeError) -> None:
        if len(items) == 1:
            reason = f"its {len(items[0].lines)} bytes are too many: {error.message}"
            self._refuse(items[0].document_id, reason, items[0].batch)
            return
        middle = len(items) // 2
        self._deliver(items[:middle])
        self._deliver(items[middle:])

    def _send(self, items: Sequence[BulkItem]) -> _Unwritten:
        body = b"".join(item.lines for item in items)
        self._counter.add(requests=1, sent_bytes=len(body))
        try:
            answer = self._endpoint.send(body)
        except _PASSING as error:
            if isinstance(error, SearchEngineOverloadedError):
                self._throttle.overloaded()
            return _Unwritten(items=items, error=error)
        if answer.count != len(items):
            raise DocumentsLostError(
                f"OpenSearch answers for {answer.count} of {len(items)} documents, the first of "
                f"them {items[0].document_id!r}"
            )
        self._counter.add(took_ms=answer.took_ms)
        if any(failure.status == OVERLOADED for failure in answer.failures.values()):
            self._throttle.overloaded()
        else:
            self._throttle.went_well()
        return self._settle(items, answer)

    def _settle(self, items: Sequence[BulkItem], answer: BulkAnswer) -> _Unwritten:
        failures = answer.failures
        self._confirm(item for place, item in enumerate(items) if place not in failures)
        again: list[BulkItem] = []
        error: ShopkeeperError | None = None
        for place, failure in failures.items():
            item = items[place]
            match verdict(failure, item.action, versioned=item.versioned):
                case Verdict.DONE:
                    self._confirm([item])
                case Verdict.LATE:
                    self._counter.add(late=1)
                    self._confirm([item])
                case Verdict.REFUSED:
                    self._refuse(item.document_id, failure.reason, item.batch)
                case Verdict.FATAL:
                    raise fatal_error(self._endpoint.index, item.document_id, failure)
                case Verdict.AGAIN:
                    again.append(item)
                    error = error or passing_error(self._endpoint.index, item.document_id, failure)
        return _Unwritten(items=again, error=error)

    def _given_up(self, items: Sequence[BulkItem], error: ShopkeeperError) -> ShopkeeperError:
        return type(error)(
            f"{error.message} (given up after {self._backoff.attempts} attempts, with "
            f"{len(items)} documents, the first of them {items[0].document_id!r})",
            remedy=error.remedy,
        )

    def _confirm(self, items: Iterable[BulkItem]) -> None:
        counts: dict[DocumentBatch, int] = {}
        for item in items:
            counts[item.batch] = counts.get(item.batch, 0) + 1
        self._counter.add(confirmed=sum(counts.values()))
        for batch, count in counts.items():
            batch.settle(count)

    def _refuse(self, document_id: str, reason: str, batch: DocumentBatch) -> None:
        with self._lock:
            self._counter.add(refused=1)
            self._on_refused(Refusal(document_id=document_id, reason=reason))
        batch.settle(1)

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self._wait(self._stopped, seconds)
