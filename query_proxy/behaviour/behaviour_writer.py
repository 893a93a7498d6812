"""Writes searches and events in the background: bounded, in batches, with pauses on failure.

What can be lost, and how it is counted: see docs/events.md.
"""

import asyncio
import logging
import random
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from itertools import islice
from typing import Protocol

from search_core import SearchEngineError, SearchEngineRequestError
from search_core.settings import EventSettings
from search_engine import BehaviourRecord, RecordFate, RecordKind

_logger = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.5


class RecordOutcome(StrEnum):
    """What became of a record in the end."""

    WRITTEN = "written"
    REFUSED = "refused"
    """OpenSearch does not take it."""
    QUEUE_FULL = "queue_full"
    """It never entered the queue."""
    UNWRITTEN = "unwritten"
    """It was still waiting when the worker had to end."""


class RecordSink(Protocol):
    """Where records are written."""

    async def write(self, records: Sequence[BehaviourRecord]) -> tuple[RecordFate, ...]:
        """Write records; see `search_engine.BehaviourStore`."""
        ...


Counted = Callable[[RecordKind, RecordOutcome, int], None]


class BehaviourWriter:
    """A bounded queue before a sink."""

    def __init__(self, sink: RecordSink, settings: EventSettings, counted: Counted) -> None:
        """Keep what is needed; nothing is written before `run`.

        Args:
            sink: takes the records.
            settings: sizes and times.
            counted: told of every record what became of it.
        """
        self._sink = sink
        self._settings = settings
        self._counted = counted
        self._queue: deque[BehaviourRecord] = deque()
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        """Set when a batch is full, or the writer ends."""
        self._end = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Records in the queue."""
        return len(self._queue)

    def offer(self, record: BehaviourRecord) -> bool:
        """Queue a record; `False`: there is no room, and that is counted."""
        if len(self._queue) >= self._settings.queue:
            self._counted(record.kind, RecordOutcome.QUEUE_FULL, 1)
            return False
        self._queue.append(record)
        self._wake.set()
        if len(self._queue) >= self._settings.batch:
            self._hurry.set()
        return True

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write while the block runs; at its end what waits is written, as far as time allows."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._end.set()
            self._wake.set()
            self._hurry.set()
            await asyncio.wait((task,), timeout=self._settings.drain_seconds)
            if not task.done():
                task.cancel()
                await asyncio.wait((task,))
            self._give_up()

    async def _run(self) -> None:
        failures = 0
        while self._queue or not self._end.is_set():
            await self._wake.wait()
            await self._until(self._settings.flush_seconds)
            if await self._write_batch():
                failures = 0
                continue
            failures += 1
            await self._pause(failures)

    async def _until(self, seconds: float) -> None:
        """Let a batch fill up, for so long at most."""
        if len(self._queue) < self._settings.batch and not self._end.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._hurry.wait()
        self._hurry.clear()

    async def _write_batch(self) -> bool:
        """Write the oldest records; `False`: some of them have to be tried again."""
        batch = list(islice(self._queue, self._settings.batch))
        try:
            fates = await self._sink.write(batch) if batch else ()
        except SearchEngineRequestError as error:
            _logger.warning("events_refused count=%d: %s", len(batch), error.message)
            fates = (RecordFate.REFUSED,) * len(batch)
        except SearchEngineError as error:
            _logger.warning("events_not_written waiting=%d: %s", len(self._queue), error.message)
            return False
        for _ in batch:
            self._queue.popleft()
        self._count(batch, fates)
        again = [each for each, fate in zip(batch, fates, strict=True) if fate is RecordFate.BUSY]
        self._queue.extendleft(reversed(again))
        if not self._queue and not self._end.is_set():
            self._wake.clear()
        return not again

    async def _pause(self, failures: int) -> None:
        longest = min(self._settings.retry_seconds, _FIRST_PAUSE_SECONDS * 2.0 ** min(failures, 16))
        # Jitter, so that workers do not come back all at once.
        seconds = longest / 2 + longest / 2 * random.random()  # noqa: S311 - no secret
        if self._end.is_set():
            await asyncio.sleep(min(seconds, _FIRST_PAUSE_SECONDS))
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._end.wait()

    def _count(self, batch: Sequence[BehaviourRecord], fates: Sequence[RecordFate]) -> None:
        outcomes = {
            RecordFate.WRITTEN: RecordOutcome.WRITTEN,
            RecordFate.REFUSED: RecordOutcome.REFUSED,
        }
        counts = Counter(
            (each.kind, outcomes[fate])
            for each, fate in zip(batch, fates, strict=True)
            if fate in outcomes
        )
        for (kind, outcome), count in counts.items():
            self._counted(kind, outcome, count)
            if outcome is RecordOutcome.REFUSED:
                _logger.error("events_refused kind=%s count=%d", kind, count)

    def _give_up(self) -> None:
        if not self._queue:
            return
        _logger.error("events_lost count=%d: the worker ends before they are written", self.waiting)
        for kind, count in Counter(each.kind for each in self._queue).items():
            self._counted(kind, RecordOutcome.UNWRITTEN, count)
        self._queue.clear()
