import threading
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.read_ahead import ReadAhead


@given(items=st.lists(st.integers(), max_size=50), depth=st.integers(1, 5))
def test_items_come_in_their_order(items: list[int], depth: int) -> None:
    with ReadAhead((item for item in items), depth=depth, name="test") as ahead:
        assert list(ahead) == items


def test_an_exception_comes_after_the_items_before_it() -> None:
    def broken() -> Generator[int, None, None]:
        yield 1
        yield 2
        raise ValueError("third")

    taken = []
    with (
        ReadAhead(broken(), depth=5, name="test") as ahead,
        pytest.raises(ValueError, match="third"),
    ):
        taken.extend(ahead)
    with ReadAhead(broken(), depth=5, name="test") as ahead:
        assert [next(ahead), next(ahead)] == [1, 2]


def test_the_thread_is_no_further_ahead_than_the_depth() -> None:
    made = 0
    asked = threading.Semaphore(0)

    def counted() -> Generator[int, None, None]:
        nonlocal made
        for number in range(100):
            made += 1
            asked.release()
            yield number

    with ReadAhead(counted(), depth=2, name="test") as ahead:
        assert next(ahead) == 0
        # One taken, two waiting, and one in the thread's hand.
        for _ in range(4):
            assert asked.acquire(timeout=10)
        assert made == 4


def test_closing_lets_go_of_what_the_generator_holds() -> None:
    let_go = threading.Event()

    def holding() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            let_go.set()

    ahead = ReadAhead(holding(), depth=1, name="test")
    assert next(ahead) == 1
    ahead.close()
    assert let_go.is_set()


def test_closing_ends_an_endless_iterator_and_its_thread() -> None:
    def endless() -> Generator[int, None, None]:
        while True:
            yield 1

    ahead = ReadAhead(endless(), depth=1, name="endless-test")
    assert next(ahead) == 1
    ahead.close()
    assert not any(thread.name.startswith("endless-test") for thread in threading.enumerate())
