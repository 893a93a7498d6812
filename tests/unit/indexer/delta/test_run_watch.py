from collections.abc import Mapping
from typing import Any

from indexer.delta.run_watch import RunWatch
from indexer.run_owner import RunOwner
from search_engine import RecordVersion

Record = tuple[Mapping[str, Any], RecordVersion] | None


class Records:
    """What a store answers, one after the other, the last one for ever."""

    def __init__(self, *answers: Record) -> None:
        self.answers = list(answers)
        self.reads = 0

    def read(self) -> Record:
        self.reads += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def record(owner: RunOwner | None, version: int = 1) -> Record:
    return (
        {"owner": owner.as_record() if owner else None},
        RecordVersion(seq_no=version, primary_term=1),
    )


def watch(records: Records, waits: list[float] | None = None) -> RunWatch:
    heard: list[float] = [] if waits is None else waits
    return RunWatch(records, interval_seconds=5.0, wait=heard.append)  # type: ignore[arg-type]


HERE = RunOwner.this_process()
ELSEWHERE = RunOwner(machine="another/pid:[1]", pid=7, started_at=1.0, token="t")
ENDED = RunOwner(machine=HERE.machine, pid=HERE.pid, started_at=1.0, token="t")


def test_nobody_runs_without_a_record_or_an_owner() -> None:
    assert watch(Records(None)).running() is None
    assert watch(Records(record(None))).running() is None


def test_a_living_process_of_this_machine_runs_and_an_ended_one_does_not() -> None:
    assert (
        watch(Records(record(HERE))).running()
        == f"process {HERE.pid} on " + (HERE.machine.partition("/")[0])
    )
    assert watch(Records(record(ENDED))).running() is None


def test_a_process_elsewhere_runs_while_its_record_changes() -> None:
    assert watch(Records(record(ELSEWHERE, 1), record(ELSEWHERE, 2))).running() is not None


def test_one_that_has_stopped_is_watched_for_four_heartbeats_and_then_never_again() -> None:
    waits: list[float] = []
    records = Records(record(ELSEWHERE))
    watching = watch(records, waits)
    assert watching.running() is None
    assert waits == [5.0] * 4
    assert watching.running() is None
    assert waits == [5.0] * 4


def test_it_is_said_once_for_whom_is_waited() -> None:
    heard: list[str] = []
    records = Records(record(HERE), record(HERE), record(None))
    watch(records).wait_for_end(heard.append)
    assert len(heard) == 1
    assert records.reads == 3
