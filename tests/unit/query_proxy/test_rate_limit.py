import pytest

from query_proxy.guards.rate_limit import RateLimit
from search_core import TooManyRequestsError


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_burst_of_two_seconds_passes_and_then_the_rate():
    clock = Clock()
    limit = RateLimit({"shop": 5.0}, clock)
    for _ in range(10):
        limit.take("shop")
    with pytest.raises(TooManyRequestsError, match="shop sends more than 5 requests a second"):
        limit.take("shop")
    clock.now = 0.2  # 0.2 s × 5 = 1 request
    limit.take("shop")
    with pytest.raises(TooManyRequestsError):
        limit.take("shop")


def test_a_rest_fills_no_more_than_the_burst():
    clock = Clock()
    limit = RateLimit({"shop": 5.0}, clock)
    clock.now = 1_000.0
    for _ in range(10):
        limit.take("shop")
    with pytest.raises(TooManyRequestsError):
        limit.take("shop")


def test_callers_without_a_limit_and_nobody_in_particular_pass():
    limit = RateLimit({"shop": 1.0}, Clock())
    for _ in range(100):
        limit.take("other")
        limit.take(None)
