import pytest

from query_proxy.circuit_breaker import CircuitBreaker
from search_core import SearchEngineRequestError, SearchEngineUnavailableError


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def changes():
    return []


@pytest.fixture
def breaker(clock, changes):
    return CircuitBreaker(3, 5.0, clock, changes.append)


def ask(breaker, error=None):
    with breaker.guarded():
        if error is not None:
            raise error("it did not work")


def fail(breaker, times):
    for _ in range(times):
        with pytest.raises(SearchEngineUnavailableError, match="it did not work"):
            ask(breaker, SearchEngineUnavailableError)


def test_failures_in_a_row_open_it(breaker, changes):
    fail(breaker, 3)
    with pytest.raises(SearchEngineUnavailableError, match=r"3 times in a row .* for 5.0 s"):
        ask(breaker)
    assert changes == [True]


def test_a_success_between_them_does_not(breaker, changes):
    fail(breaker, 2)
    ask(breaker)
    fail(breaker, 2)
    ask(breaker)
    assert changes == []


def test_a_refusal_of_opensearch_is_an_answer(breaker):
    for _ in range(5):
        with pytest.raises(SearchEngineRequestError):
            ask(breaker, SearchEngineRequestError)
    assert not breaker.is_open


def test_one_request_at_a_time_tries_again(breaker, clock, changes):
    fail(breaker, 3)
    clock.now = 5.0
    fail(breaker, 1)
    with pytest.raises(SearchEngineUnavailableError, match="not asked again"):
        ask(breaker)
    clock.now = 10.0
    ask(breaker)
    ask(breaker)
    assert changes == [True, False]
