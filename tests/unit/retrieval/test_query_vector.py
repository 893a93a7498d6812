import threading

import numpy as np
import pytest

from encoders.testing import HashingTextEncoder
from retrieval.query_vector import QueryVectors
from search_core import EncoderIdentity, EncoderMismatchError, EncoderUnavailableError

ENCODER = HashingTextEncoder()


class Clock:
    """Every encoding seems to take as long as is set."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.now = 0.0

    def __call__(self):
        self.now += self.seconds
        return self.now


class Watched:
    identity = ENCODER.identity

    def __init__(self):
        self.threads = []

    def encode_query(self, text):
        self.threads.append(threading.current_thread())
        return ENCODER.encode_query(text)


async def encode_three_times(seconds):
    watched = Watched()
    vectors = QueryVectors(lambda _: watched, Clock(seconds))
    for _ in range(3):
        vector, failure = await vectors.vector("red dress", ENCODER.identity)
        assert failure is None
        assert np.array_equal(vector, ENCODER.encode_query("red dress"))
    return [thread is threading.main_thread() for thread in watched.threads]


async def test_a_fast_model_is_run_where_the_query_is_once_it_is_known_to_be_fast():
    assert await encode_three_times(0.001) == [False, True, True]


async def test_a_slow_model_never_holds_up_the_event_loop():
    assert await encode_three_times(0.02) == [False, False, False]


async def test_a_model_that_had_to_wait_for_a_core_is_still_a_fast_one():
    clock, watched = Clock(0.001), Watched()
    vectors = QueryVectors(lambda _: watched, clock)
    for seconds in (0.001, 0.02, 0.02, 0.001):
        clock.seconds = seconds
        await vectors.vector("red dress", ENCODER.identity)
    assert [thread is threading.main_thread() for thread in watched.threads][1:] == [True] * 3


async def test_a_model_that_stays_slow_leaves_the_event_loop():
    clock, watched = Clock(0.001), Watched()
    vectors = QueryVectors(lambda _: watched, clock)
    for seconds in (0.001, *[0.02] * 4):
        clock.seconds = seconds
        await vectors.vector("red dress", ENCODER.identity)
    assert watched.threads[-1] is not threading.main_thread()


async def test_a_long_text_never_holds_up_the_event_loop():
    watched = Watched()
    vectors = QueryVectors(lambda _: watched, Clock(0.001))
    for text in ("red dress", "blue dress", "dress " * 50):
        await vectors.vector(text, ENCODER.identity)
    here = [thread is threading.main_thread() for thread in watched.threads]
    assert here == [False, True, False]


async def test_no_vector_is_made_when_none_is_wanted():
    assert await QueryVectors(None, Clock(1)).vector("x", ENCODER.identity) == (None, None)
    assert await QueryVectors(lambda _: ENCODER, Clock(1)).vector("x", None) == (None, None)


async def test_a_missing_model_is_a_reason_and_another_model_an_error():
    def missing(identity):
        raise EncoderUnavailableError("not here")

    def other(identity):
        raise EncoderMismatchError("another")

    identity = EncoderIdentity(model_id="m", dimension=3)
    assert await QueryVectors(missing, Clock(1)).vector("x", identity) == (
        None,
        "without vectors: not here",
    )
    with pytest.raises(EncoderMismatchError):
        await QueryVectors(other, Clock(1)).vector("x", identity)


async def test_a_query_that_was_asked_lately_is_not_encoded_again():
    watched = Watched()
    vectors = QueryVectors(lambda _: watched, Clock(0.001), remembered=2)
    for text in ("red dress", "mug", "red dress", "lamp", "mug"):
        vector, _ = await vectors.vector(text, ENCODER.identity)
        assert np.array_equal(vector, ENCODER.encode_query(text))
    assert len(watched.threads) == 4  # `mug` had to make room for `lamp`


async def test_the_vector_of_a_pasted_text_takes_no_room():
    watched = Watched()
    vectors = QueryVectors(lambda _: watched, Clock(0.001), remembered=2)
    for text in ("x" * 1_000, "x" * 1_001, "x" * 1_000, "x" * 1_001):
        await vectors.vector(text, ENCODER.identity)
    assert len(watched.threads) == 3


async def test_a_model_that_was_missing_is_asked_for_again():
    state = {"missing": True}

    def provide(identity):
        if state["missing"]:
            raise EncoderUnavailableError("not here")
        return ENCODER

    vectors = QueryVectors(provide, Clock(1), remembered=2)
    assert (await vectors.vector("mug", ENCODER.identity))[1] == "without vectors: not here"
    state["missing"] = False
    assert (await vectors.vector("mug", ENCODER.identity))[1] is None
