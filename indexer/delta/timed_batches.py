"""Gathers what comes one by one into batches, without letting anything wait for long."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, Full, Queue
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

_LOOK_AGAIN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


class TimedBatches(Generic[T]):
    """Batches of a bounded size, each complete or some time old.

    The source is read by a thread of its own, at most one batch ahead: a source that is faster than
    the consumer has to wait.
    """

    def __init__(self, items: Iterator[T], *, size: int, seconds: float) -> None:
        """Take the source; it is read once batches are asked for.

        Args:
            items: used by the thread only.
            size: the most items of a batch.
            seconds: from an item's arrival to the end of its batch.
        """
        self._items = items
        self._size = size
        self._seconds = seconds
        self._queue: Queue[T | _End] = Queue(maxsize=size)
        self._stopped = threading.Event()

    def __iter__(self) -> Iterator[list[T]]:
        """Yield batches until the source ends; raise what it raised, after what came before.

        The thread is a daemon: one that waits for a silent source cannot be ended otherwise.
        """
        threading.Thread(target=self._read, name="feed-reader", daemon=True).start()
        try:
            while True:
                batch, end = self._gather()
                if batch:
                    yield batch
                if end is not None:
                    if end.error is not None:
                        raise end.error
                    return
        finally:
            self._stopped.set()

    def _gather(self) -> tuple[list[T], _End | None]:
        batch: list[T] = []
        deadline: float | None = None
        while len(batch) < self._size:
            left = None if deadline is None else deadline - monotonic()
            try:
                item = self._queue.get(timeout=left if left is None else max(left, 0.0))
            except Empty:
                break
            if isinstance(item, _End):
                return batch, item
            batch.append(item)
            deadline = deadline or monotonic() + self._seconds
        return batch, None

    def _read(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except Exception as raised:  # noqa: BLE001 - raised again where the batches are taken
            error = raised
        self._put(_End(error))

    def _put(self, item: "T | _End") -> bool:
        while not self._stopped.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_AGAIN_SECONDS)
            except Full:
                continue
            return True
        return False
