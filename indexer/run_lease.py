"""The right to write generations of an alias, and the record of how far that is.

The record is the lock by which a second run of the same alias is refused, and what `--resume` reads
after a run that ended early. A thread of its own writes it every few seconds, so that runs on other
machines can see that this one lives.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Self

from indexer.checkpoint import Checkpoint
from indexer.run_owner import RunOwner
from search_core import IndexingError, SearchEngineError
from search_engine import RecordConflictError, RecordVersion, RunRecordStore

_logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
_MISSED_HEARTBEATS = 4
_ATTEMPTS = 3
_LAG = 3
"""Heartbeats after which a position counts as safe. A node that is killed loses the writes of the
last 5 s (`search_engine.load_settings`), so a position is kept only once it is 10 s old."""


class RunLease:
    """The right to write generations of one alias, and the record of how far that is."""

    def __init__(
        self,
        store: RunRecordStore,
        owner: RunOwner | None = None,
        *,
        interval_seconds: float = HEARTBEAT_SECONDS,
        wait: Callable[[threading.Event, float], bool] = threading.Event.wait,
    ) -> None:
        """Take the store; nothing is sent before the lease is entered.

        Args:
            store: of the alias.
            owner: who asks; `None`: this process.
            interval_seconds: between heartbeats.
            wait: waits for an event or so many seconds.
        """
        self._store = store
        self._owner = owner or RunOwner.this_process()
        self._interval = interval_seconds
        self._wait = wait
        self._version: RecordVersion | None = None
        self._generation: str | None = None
        self._checkpoint = Checkpoint()
        self._recent: deque[Checkpoint] = deque(maxlen=_LAG)
        self._writing = threading.Lock()
        self._ended = threading.Event()
        self._lost = False
        self._abolished = False
        self._thread = threading.Thread(target=self._beat, name="run-lease", daemon=True)

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            IndexingError: another process holds it.
        """
        for attempt in range(_ATTEMPTS):
            try:
                self._take()
                break
            except RecordConflictError as error:
                # Perhaps the last heartbeat of a process that was killed, slow to arrive: who owns
                # the record now decides.
                if attempt == _ATTEMPTS - 1:
                    raise self._held_by("another process, which has just begun") from error
        self._thread.start()
        return self

    def _take(self) -> None:
        found = self._store.read()
        record: Mapping[str, Any] = {}
        if found is not None:
            record, self._version = found
            self._refuse_living(record)
        self._generation = record.get("generation")
        if record.get("checkpoint"):
            self._checkpoint = Checkpoint.from_record(record["checkpoint"])
        self._write(self._checkpoint, owner=self._owner)

    def __exit__(self, *_: object) -> None:
        """Let go of the lock; generation and checkpoint stay in the record."""
        self._ended.set()
        self._thread.join()
        if self._lost or self._abolished:
            return
        try:
            self._write(self._safe(), owner=None)
        except (SearchEngineError, RecordConflictError):
            # The record then names a process that no longer lives, which is as good.
            _logger.warning("run_lease_not_released index=%s", self._store.index, exc_info=True)

    def checkpoint_of(self, generation: str) -> Checkpoint:
        """Return how far an earlier run came with a generation."""
        return self._checkpoint if self._generation == generation else Checkpoint()

    def begin(self, generation: str, checkpoint: Checkpoint) -> None:
        """Note which generation is written, and from where."""
        with self._writing:
            self._generation = generation
            self._checkpoint = checkpoint
            self._recent.clear()
            self._recent.append(checkpoint)
        self._write(checkpoint, owner=self._owner)

    def advance(self, checkpoint: Checkpoint) -> None:
        """Note that everything up to a position is confirmed. It is kept with a later heartbeat."""
        self._checkpoint = checkpoint

    def make_durable(self) -> None:
        """Note that everything confirmed so far is on OpenSearch's disk."""
        with self._writing:
            self._recent.clear()
            self._recent.append(self._checkpoint)

    def finish(self) -> None:
        """Note that the generation needs no resuming."""
        with self._writing:
            self._generation, self._checkpoint = None, Checkpoint()
            self._recent.clear()

    def abolish(self) -> None:
        """Delete the record: there is nothing any more that it is about.

        Raises:
            IndexingError: another process has taken the lock over; the record is its own.
            SearchEngineError: OpenSearch does not answer as it should.
        """
        self._ended.set()
        self._thread.join()
        self._lost = self._lost or not self._beat_once()
        self.check()
        self._store.delete()
        self._abolished = True

    def check(self) -> None:
        """Make sure that the lock is still held.

        Raises:
            IndexingError: another process has taken it over.
        """
        if self._lost:
            raise self._held_by("another process, which believed that this one had ended")

    def _safe(self) -> Checkpoint:
        return self._recent[0] if self._recent else self._checkpoint

    def _refuse_living(self, record: Mapping[str, Any]) -> None:
        if not record.get("owner"):
            return
        owner = RunOwner.from_record(record["owner"])
        lives = owner.lives()
        if lives or (lives is None and self._beats()):
            raise self._held_by(str(owner))

    def _beats(self) -> bool:
        """Watch the record of a process on another machine for a few heartbeats."""
        for _ in range(_MISSED_HEARTBEATS):
            self._wait(self._ended, self._interval)
            found = self._store.read()
            if found is not None and found[1] != self._version:
                return True
        return False

    def _held_by(self, whom: str) -> IndexingError:
        alias = self._store.index.removesuffix("-runs")
        return IndexingError(
            f"{alias} is being indexed by {whom}", remedy="wait for it to end, or end it"
        )

    def _beat(self) -> None:
        while not self._wait(self._ended, self._interval):
            self._recent.append(self._checkpoint)
            try:
                if not self._beat_once():
                    self._lost = True
                    return
            except SearchEngineError as error:
                _logger.warning("heartbeat_failed index=%s: %s", self._store.index, error.message)

    def _beat_once(self) -> bool:
        """Write the record; return whether it still is ours."""
        try:
            self._write(self._safe(), owner=self._owner)
        except RecordConflictError:
            return self._adopt_own_write()
        return True

    def _adopt_own_write(self) -> bool:
        """Look whether the record was changed by a write of ours whose answer was lost."""
        found = self._store.read()
        if found is None:
            return False
        record, version = found
        if (record.get("owner") or {}).get("token") != self._owner.token:
            return False
        self._version = version
        return True

    def _write(self, checkpoint: Checkpoint, owner: RunOwner | None) -> None:
        with self._writing:
            record = {
                "owner": owner.as_record() if owner else None,
                "heartbeat_at": datetime.now(UTC).isoformat(),
                "generation": self._generation,
                "checkpoint": checkpoint.as_record() if self._generation else None,
            }
            self._version = self._store.write(record, self._version)
