import queue
import threading
from collections.abc import Iterator

import pytest

from indexer.delta.timed_batches import TimedBatches

FOR_EVER = 1_000_000.0


def test_a_full_batch_does_not_wait() -> None:
    batches = list(TimedBatches(iter(range(7)), size=3, seconds=FOR_EVER))
    assert batches == [[0, 1, 2], [3, 4, 5], [6]]


def test_an_item_of_a_quiet_source_does_not_wait_for_others() -> None:
    source: queue.Queue[int | None] = queue.Queue()
    batches = iter(TimedBatches(iter(source.get, None), size=3, seconds=0.01))
    for number in (1, 2):
        source.put(number)
        assert next(batches) == [number]
    source.put(None)
    assert next(batches, None) is None


def test_what_came_before_an_error_is_given_first() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("the source broke")

    batches = iter(TimedBatches(broken(), size=5, seconds=FOR_EVER))
    assert next(batches) == [1]
    with pytest.raises(ValueError, match="the source broke"):
        next(batches)


def test_a_source_that_is_faster_has_to_wait() -> None:
    given = 0
    waiting = threading.Event()

    def fast() -> Iterator[int]:
        nonlocal given
        while True:
            given += 1
            if given == 7:  # 3 are taken, 3 wait, and one more is held out
                waiting.set()
            yield given

    batches = iter(TimedBatches(fast(), size=3, seconds=FOR_EVER))
    assert next(batches) == [1, 2, 3]
    assert waiting.wait(timeout=10)
    assert given == 7
    batches.close()  # type: ignore[attr-defined]
