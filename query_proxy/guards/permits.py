"""Bounds the requests under way: first a permit, then a short queue, then 429."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from search_core import TooManyRequestsError


class Permits:
    """Permits of one worker, given in the order of arrival."""

    def __init__(self, count: int, queue: int, queue_seconds: float) -> None:
        """Make them.

        Args:
            count: requests under way at once.
            queue: requests that may wait.
            queue_seconds: longest wait.
        """
        self._semaphore = asyncio.Semaphore(count)
        self._queue = queue
        self._queue_seconds = queue_seconds
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Requests that wait."""
        return self._waiting

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold a permit while the block runs.

        Raises:
            TooManyRequestsError: the queue is full, or the wait was too long.
        """
        await self._acquire()
        try:
            yield
        finally:
            self._semaphore.release()

    async def _acquire(self) -> None:
        if not self._semaphore.locked():
            await self._semaphore.acquire()
            return
        if self._waiting >= self._queue:
            raise _too_many("every permit is taken and the queue is full")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._queue_seconds):
                await self._semaphore.acquire()
        except TimeoutError as error:
            raise _too_many("no permit became free in time") from error
        finally:
            self._waiting -= 1


def _too_many(reason: str) -> TooManyRequestsError:
    return TooManyRequestsError(
        f"the proxy is at its limit: {reason}", remedy="try again in a second"
    )
