from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from query_understanding.lexicon.bounded_counter import BoundedCounter


def test_below_the_limit_every_count_is_exact():
    counter = BoundedCounter(10)
    counter.update(["a", "b", "a"])
    counter.update(["a"])
    assert counter.counts() == {"a": 3, "b": 1}


def test_what_is_frequent_stays_among_any_number_of_rare_keys():
    counter = BoundedCounter(100)
    for number in range(5_000):
        counter.update(["dress", f"order {number}"])
    assert counter.counts()["dress"] == 5_000
    assert len(counter.counts()) <= 100


@given(st.lists(st.integers(0, 40), max_size=300))
def test_no_count_is_too_high_and_no_more_keys_are_kept_than_allowed(keys):
    counter = BoundedCounter(8)
    for key in keys:
        counter.update([key])
    exact = Counter(keys)
    assert len(counter.counts()) <= 8
    assert all(count <= exact[key] for key, count in counter.counts().items())
