import pytest

from retrieval.deadline import Deadline
from search_core import SearchEngineTimeoutError


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_time_left_shrinks_with_the_clock():
    clock = Clock()
    deadline = Deadline(2.0, clock)
    clock.now += 0.5
    assert deadline.seconds_left() == pytest.approx(1.5)
    assert deadline.elapsed() == pytest.approx(0.5)


def test_no_time_left_is_an_error_that_names_the_limit():
    clock = Clock()
    deadline = Deadline(2.0, clock)
    clock.now += 2.0
    with pytest.raises(SearchEngineTimeoutError, match="longer than its 2000 ms"):
        deadline.seconds_left()
