import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_engine.backoff import Backoff, Throttle


def test_waits_double_until_the_longest() -> None:
    backoff = Backoff(first_seconds=1.0, longest_seconds=6.0)
    full = [backoff.delay_seconds(attempt, lambda: 1.0) for attempt in (1, 2, 3, 4, 5)]
    assert full == [1.0, 2.0, 4.0, 6.0, 6.0]


def test_half_of_a_wait_is_fixed_and_half_is_chance() -> None:
    backoff = Backoff(first_seconds=1.0, longest_seconds=8.0)
    assert backoff.delay_seconds(3, lambda: 0.0) == 2.0
    assert backoff.delay_seconds(3, lambda: 0.5) == 3.0


@given(attempt=st.integers(1, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_no_attempt_waits_longer_than_the_longest(attempt: int, chance: float) -> None:
    backoff = Backoff(first_seconds=0.5, longest_seconds=20.0)
    assert 0.25 <= backoff.delay_seconds(attempt, lambda: chance) <= 20.0


def test_default_waits_outlast_the_restart_of_a_node() -> None:
    backoff = Backoff()
    shortest = sum(backoff.delay_seconds(n, lambda: 0.0) for n in range(1, backoff.attempts))
    longest = sum(backoff.delay_seconds(n, lambda: 1.0) for n in range(1, backoff.attempts))
    assert shortest == pytest.approx(45.75)  # (.5 + 1 + 2 + 4 + 8 + 16 + 20 + 20 + 20) / 2
    assert longest == pytest.approx(91.5)


def test_the_pause_doubles_with_each_overload_and_halves_with_each_success() -> None:
    throttle = Throttle(first_seconds=1.0, longest_seconds=3.0)
    assert throttle.pause_seconds == 0.0
    pauses = []
    for step in (throttle.overloaded,) * 3 + (throttle.went_well,) * 4:
        step()
        pauses.append(throttle.pause_seconds)
    assert pauses == [1.0, 2.0, 3.0, 1.5, 0.75, 0.0, 0.0]
