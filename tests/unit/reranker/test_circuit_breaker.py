import pytest

from reranker.circuit_breaker import CircuitBreaker


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return CircuitBreaker(failures_to_open=3, cool_down_seconds=5.0, clock=clock)


def test_it_opens_after_so_many_failures_in_a_row(breaker):
    opened = []
    for _ in range(3):
        breaker.failed()
        opened.append(breaker.is_open)
    assert opened == [False, False, True]


def test_a_success_starts_the_count_anew(breaker):
    for outcome in (breaker.failed, breaker.failed, breaker.succeeded, breaker.failed):
        outcome()
    assert not breaker.is_open


def test_a_closed_one_wants_no_probe(breaker):
    assert not breaker.wants_probe()


def test_it_wants_one_probe_once_the_cool_down_is_over(breaker, clock):
    for _ in range(3):
        breaker.failed()
    assert not breaker.wants_probe()
    clock.now += 5.0
    assert breaker.wants_probe()
    assert not breaker.wants_probe()


def test_a_probe_that_failed_is_followed_by_another_after_a_cool_down(breaker, clock):
    for _ in range(3):
        breaker.failed()
    clock.now += 5.0
    assert breaker.wants_probe()
    breaker.failed()
    assert breaker.is_open
    assert not breaker.wants_probe()
    clock.now += 5.0
    assert breaker.wants_probe()


def test_a_probe_that_succeeded_closes_it(breaker, clock):
    for _ in range(3):
        breaker.failed()
    clock.now += 5.0
    assert breaker.wants_probe()
    breaker.succeeded()
    assert not breaker.is_open
