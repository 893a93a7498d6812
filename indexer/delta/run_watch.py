"""Whether a reindex or an update of an alias is under way, for a feed that has to wait for it."""

import time
from collections.abc import Callable

from indexer.run_lease import HEARTBEAT_SECONDS
from indexer.run_owner import RunOwner
from search_engine import RecordVersion, RunRecordStore

_MISSED_HEARTBEATS = 4


class RunWatch:
    """Looks at the record of an alias's runs. It takes no lock: runs do not wait for a feed."""

    def __init__(
        self,
        store: RunRecordStore,
        *,
        interval_seconds: float = HEARTBEAT_SECONDS,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the store; nothing is sent yet.

        Args:
            store: of the alias.
            interval_seconds: between the heartbeats of a run.
            wait: waits so many seconds.
        """
        self._store = store
        self._interval = interval_seconds
        self._wait = wait
        self._dead: RecordVersion | None = None

    def running(self) -> str | None:
        """Say who writes a generation, or updates the live one; `None`: nobody does."""
        found = self._store.read()
        if found is None:
            return None
        record, version = found
        if not record.get("owner") or version == self._dead:
            return None
        owner = RunOwner.from_record(record["owner"])
        lives = owner.lives()
        if lives is None:
            lives = self._beats(version)
        if not lives:
            self._dead = version
            return None
        return str(owner)

    def wait_for_end(self, on_waiting: Callable[[str], None]) -> None:
        """Return once nobody is writing; say first for whom it is waited."""
        whom = self.running()
        if whom is not None:
            on_waiting(whom)
        while whom is not None:
            self._wait(min(1.0, self._interval))
            whom = self.running()

    def _beats(self, version: RecordVersion) -> bool:
        """Watch the record of a process on another machine for a few heartbeats."""
        for _ in range(_MISSED_HEARTBEATS):
            self._wait(self._interval)
            found = self._store.read()
            if found is not None and found[1] != version:
                return True
        return False
