import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from indexer.checkpoint import Checkpoint
from indexer.run_lease import RunLease
from indexer.run_owner import RunOwner
from search_core import IndexingError
from search_engine import OpenSearch, RecordConflictError, RecordVersion, RunRecordStore

HERE = RunOwner.this_process()
ENDED = replace(HERE, started_at=HERE.started_at - 1_000, token="ended")
ELSEWHERE = replace(HERE, machine="another-host/pid:[1]", token="elsewhere")


class MemoryStore(RunRecordStore):
    """A record in memory, with OpenSearch's version check."""

    def __init__(self) -> None:
        super().__init__(OpenSearch(), "products")
        self.record: Mapping[str, Any] | None = None
        self.number = 0
        self.lock = threading.Lock()

    def read(self) -> tuple[Mapping[str, Any], RecordVersion] | None:
        with self.lock:
            return None if self.record is None else (self.record, self._version())

    def write(self, record: Mapping[str, Any], version: RecordVersion | None) -> RecordVersion:
        with self.lock:
            if version != (None if self.record is None else self._version()):
                raise RecordConflictError("changed")
            self.number += 1
            self.record = record
            return self._version()

    def delete(self) -> None:
        with self.lock:
            self.record = None

    def overwrite(self, record: Mapping[str, Any]) -> None:
        found = self.read()
        self.write(record, None if found is None else found[1])

    def _version(self) -> RecordVersion:
        return RecordVersion(seq_no=self.number, primary_term=1)


class Heartbeats:
    """Lets a lease's thread beat when the test says so."""

    def __init__(self) -> None:
        self._allowed = threading.Semaphore(0)
        self._waiting = threading.Semaphore(0)

    def wait(self, ended: threading.Event, seconds: float) -> bool:
        self._waiting.release()
        while not ended.is_set():
            if self._allowed.acquire(timeout=0.002):
                return False
        return True

    def beat(self) -> None:
        """Return when the beat is over and the thread waits again."""
        assert self._waiting.acquire(timeout=10)
        self._allowed.release()
        assert self._waiting.acquire(timeout=10)
        self._waiting.release()


@contextmanager
def held(store: MemoryStore, beats: Heartbeats | None = None) -> Iterator[RunLease]:
    with RunLease(store, HERE, wait=(beats or Heartbeats()).wait) as lease:
        yield lease


def record(owner: RunOwner | None, rows: int = 0) -> dict[str, Any]:
    return {
        "owner": owner.as_record() if owner else None,
        "heartbeat_at": "2026-11-24T08:15:30+00:00",
        "generation": "products-1",
        "checkpoint": Checkpoint(rows=rows, products=rows).as_record(),
    }


def test_the_record_names_its_owner_while_the_lease_is_held() -> None:
    store = MemoryStore()
    with held(store):
        assert store.record is not None
        assert RunOwner.from_record(store.record["owner"]) == HERE
    assert store.record["owner"] is None


def test_a_second_run_is_refused_while_the_first_lives() -> None:
    store = MemoryStore()
    with held(store), pytest.raises(IndexingError, match=f"products .* process {HERE.pid}"):
        RunLease(store).__enter__()


def test_of_two_runs_that_begin_at_once_one_is_refused() -> None:
    class SlowStore(MemoryStore):
        """Another run begins between this one's look and its write."""

        def read(self) -> tuple[Mapping[str, Any], RecordVersion] | None:
            found = super().read()
            self.write(record(ELSEWHERE), None)
            return found

    with pytest.raises(IndexingError, match="just begun"):
        RunLease(SlowStore(), HERE).__enter__()


def test_the_last_heartbeat_of_a_killed_process_may_arrive_late() -> None:
    class LateHeartbeat(MemoryStore):
        late = False

        def read(self) -> tuple[Mapping[str, Any], RecordVersion] | None:
            found = super().read()
            if self.late:
                self.late = False
                self.overwrite(record(ENDED, rows=6_000))
            return found

    store = LateHeartbeat()
    store.overwrite(record(ENDED, rows=4_000))
    store.late = True
    with held(store) as lease:
        assert lease.checkpoint_of("products-1") == Checkpoint(rows=6_000, products=6_000)


def test_the_lease_of_a_process_that_has_ended_is_taken_over_with_its_checkpoint() -> None:
    store = MemoryStore()
    store.overwrite(record(ENDED, rows=4_000))
    with held(store) as lease:
        assert lease.checkpoint_of("products-1") == Checkpoint(rows=4_000, products=4_000)
        assert lease.checkpoint_of("products-2") == Checkpoint()


def test_a_process_elsewhere_that_writes_no_more_is_taken_for_ended() -> None:
    store = MemoryStore()
    store.overwrite(record(ELSEWHERE))
    waited: list[float] = []

    def wait(ended: threading.Event, seconds: float) -> bool:
        waited.append(seconds)
        return ended.wait(0.002) if threading.current_thread().name == "run-lease" else False

    with RunLease(store, HERE, interval_seconds=5.0, wait=wait):
        # Four heartbeats of 5 s are watched before that.
        assert waited[:4] == [5.0] * 4


def test_a_process_elsewhere_that_still_writes_is_left_alone() -> None:
    store = MemoryStore()
    store.overwrite(record(ELSEWHERE))

    def wait(ended: threading.Event, seconds: float) -> bool:
        store.overwrite(record(ELSEWHERE))
        return False

    with pytest.raises(IndexingError, match="on another-host"):
        RunLease(store, HERE, wait=wait).__enter__()


def rows_kept(store: MemoryStore) -> int:
    assert store.record is not None
    return Checkpoint.from_record(store.record["checkpoint"]).rows


def test_a_position_is_kept_once_it_is_two_heartbeats_old() -> None:
    store, beats, kept = MemoryStore(), Heartbeats(), []
    with held(store, beats) as lease:
        lease.begin("products-1", Checkpoint())
        for rows in (1, 2, 3, 4, 5):
            lease.advance(Checkpoint(rows=rows, products=rows))
            beats.beat()
            kept.append(rows_kept(store))
    assert kept == [0, 0, 1, 2, 3]
    assert rows_kept(store) == 3


def test_a_position_that_is_on_the_disk_is_kept_at_the_end() -> None:
    store = MemoryStore()
    with held(store) as lease:
        lease.begin("products-1", Checkpoint())
        lease.advance(Checkpoint(rows=7, products=7))
        lease.make_durable()
    assert rows_kept(store) == 7


def test_nothing_is_left_to_resume_after_a_run_that_finished() -> None:
    store = MemoryStore()
    with held(store) as lease:
        lease.begin("products-1", Checkpoint())
        lease.finish()
    assert store.record is not None
    assert (store.record["generation"], store.record["owner"]) == (None, None)


def test_a_lease_that_another_run_took_over_is_noticed() -> None:
    store, beats = MemoryStore(), Heartbeats()
    with held(store, beats) as lease:
        lease.check()
        store.overwrite(record(ELSEWHERE))
        # The thread ends when it finds the record changed.
        beats._allowed.release()
        lease._thread.join(timeout=10)
        with pytest.raises(IndexingError, match="believed that this one had ended"):
            lease.check()
    assert store.record is not None
    assert store.record["owner"] == ELSEWHERE.as_record()


def test_the_record_is_gone_before_the_lock_is_let_go_and_is_not_written_again() -> None:
    store = MemoryStore()
    with held(store) as lease:
        assert store.record is not None
        lease.abolish()
        store.overwrite(record(HERE))  # a run that begins at once
        begun = store.record
    assert store.record is begun


def test_the_record_of_a_run_that_took_over_is_left_alone() -> None:
    store = MemoryStore()
    with held(store) as lease:
        store.overwrite(record(ELSEWHERE))
        with pytest.raises(IndexingError, match="another process"):
            lease.abolish()
    assert store.record == record(ELSEWHERE)


def test_an_own_write_whose_answer_was_lost_is_not_taken_for_anothers() -> None:
    store, beats = MemoryStore(), Heartbeats()
    with held(store, beats) as lease:
        store.overwrite(record(HERE))
        beats.beat()
        lease.check()
