"""The queue before the indices of searches and events: nothing is lost without being counted.

Leaving `running` writes what waits, so that no test has to wait for it.
"""

from collections import Counter

import pytest

from query_proxy.behaviour.behaviour_writer import BehaviourWriter, RecordOutcome
from search_core import SearchEngineRequestError, SearchEngineUnavailableError
from search_core.settings import EventSettings
from search_engine import BehaviourRecord, RecordFate, RecordKind


class Sink:
    """Takes records, as far as its script says."""

    def __init__(self, *script):
        self.script = list(script)
        self.batches: list[list[str]] = []

    async def write(self, records):
        self.batches.append([each.record_id for each in records])
        step = self.script.pop(0) if self.script else None
        if isinstance(step, Exception):
            raise step
        return tuple(step or (RecordFate.WRITTEN,) * len(records))


class Counts(Counter):
    def __call__(self, kind, outcome, count):
        self[kind, outcome] += count


def record(name, kind=RecordKind.EVENT):
    return BehaviourRecord(kind=kind, record_id=name, body={})


def settings(**changed):
    return EventSettings(**{"flush_seconds": 0.01, "retry_seconds": 0.01, **changed})


async def test_records_are_written_in_batches_in_their_order():
    sink, counts = Sink(), Counts()
    writer = BehaviourWriter(sink, settings(batch=2), counts)
    async with writer.running():
        assert all(writer.offer(record(name)) for name in "abcde")
    assert sink.batches == [["a", "b"], ["c", "d"], ["e"]]
    assert counts == {(RecordKind.EVENT, RecordOutcome.WRITTEN): 5}


async def test_a_full_queue_refuses_and_counts():
    counts = Counts()
    writer = BehaviourWriter(Sink(), settings(queue=1), counts)
    assert writer.offer(record("a"))
    assert not writer.offer(record("b", RecordKind.QUERY))
    assert counts == {(RecordKind.QUERY, RecordOutcome.QUEUE_FULL): 1}


async def test_an_outage_is_waited_out_with_the_same_records():
    sink, counts = Sink(*[SearchEngineUnavailableError("down")] * 2), Counts()
    writer = BehaviourWriter(sink, settings(), counts)
    async with writer.running():
        writer.offer(record("a"))
    assert sink.batches == [["a"], ["a"], ["a"]]
    assert counts == {(RecordKind.EVENT, RecordOutcome.WRITTEN): 1}


async def test_only_what_was_busy_is_tried_again():
    sink, counts = Sink((RecordFate.WRITTEN, RecordFate.BUSY, RecordFate.REFUSED)), Counts()
    writer = BehaviourWriter(sink, settings(), counts)
    async with writer.running():
        for name in "abc":
            writer.offer(record(name))
    assert sink.batches == [["a", "b", "c"], ["b"]]
    assert counts == {
        (RecordKind.EVENT, RecordOutcome.WRITTEN): 2,
        (RecordKind.EVENT, RecordOutcome.REFUSED): 1,
    }


async def test_a_batch_that_is_refused_as_a_whole_is_not_tried_for_ever():
    sink, counts = Sink(SearchEngineRequestError("no")), Counts()
    writer = BehaviourWriter(sink, settings(), counts)
    async with writer.running():
        writer.offer(record("a"))
    assert counts == {(RecordKind.EVENT, RecordOutcome.REFUSED): 1}


async def test_what_waits_is_written_when_the_worker_ends():
    sink, counts = Sink(), Counts()
    writer = BehaviourWriter(sink, settings(flush_seconds=60, batch=2), counts)
    async with writer.running():
        for name in "abc":
            writer.offer(record(name))
    assert [name for batch in sink.batches for name in batch] == ["a", "b", "c"]
    assert counts[RecordKind.EVENT, RecordOutcome.WRITTEN] == 3


@pytest.mark.parametrize("drain_seconds", [0.0, 0.05])
async def test_what_cannot_be_written_in_time_is_counted_as_lost(drain_seconds):
    sink, counts = Sink(*[SearchEngineUnavailableError("down")] * 1000), Counts()
    writer = BehaviourWriter(sink, settings(drain_seconds=drain_seconds), counts)
    async with writer.running():
        writer.offer(record("a", RecordKind.QUERY))
        writer.offer(record("b"))
    assert counts == {
        (RecordKind.QUERY, RecordOutcome.UNWRITTEN): 1,
        (RecordKind.EVENT, RecordOutcome.UNWRITTEN): 1,
    }
