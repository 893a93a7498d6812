"""Runs a generator in a thread of its own, a bounded number of items ahead of its consumer."""

import threading
from collections import deque
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """Items of a generator that is advanced by another thread.

    An exception of the generator is raised by `next`, after the items before it. Closing ends the
    thread as soon as the generator yields, and drops what nobody took.
    """

    def __init__(self, items: Generator[T, None, None], *, depth: int, name: str) -> None:
        """Start the thread.

        Args:
            items: used by that thread only.
            depth: how many items may wait; the thread pauses at so many.
            name: of the thread.
        """
        self._depth = depth
        self._waiting: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._ended = self._pool.submit(self._advance, items)
        self._ended.add_done_callback(lambda _: self._wake())

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended.done())
            if self._waiting:
                self._changed.notify_all()
                return self._waiting.popleft()
        self._ended.result()
        raise StopIteration

    def close(self) -> None:
        """End the thread and wait for it."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        self._pool.shutdown(wait=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _advance(self, items: Generator[T, None, None]) -> None:
        # Closed by the thread that runs it, so that what it holds open is let go at once.
        with closing(items):
            for item in items:
                with self._changed:
                    self._changed.wait_for(lambda: self._closed or len(self._waiting) < self._depth)
                    if self._closed:
                        return
                    self._waiting.append(item)
                    self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
