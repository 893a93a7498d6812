import asyncio
import threading

import pytest

from reranker.lazy_pair_scorer import LazyPairScorer
from reranker.testing import WordOverlapScorer
from search_core import RerankerModelError, RerankerTimeoutError, RerankerUnavailableError

PAIR = [("red dress", "a red dress")]


class Loader:
    """Gives a scorer, or fails, and counts."""

    def __init__(self):
        self.scorer = WordOverlapScorer()
        self.failure = None
        self.loads = 0
        self.may_end = threading.Event()
        self.may_end.set()

    def __call__(self):
        self.loads += 1
        self.may_end.wait(10)
        if self.failure is not None:
            raise self.failure
        return self.scorer


@pytest.fixture
def load():
    return Loader()


@pytest.fixture
def lazy(load):
    return LazyPairScorer(load, "models/chinese")


async def test_nothing_is_loaded_before_it_is_needed_and_then_once(lazy, load):
    assert load.loads == 0
    first, second = await asyncio.gather(lazy.score(PAIR, 5.0), lazy.identity(5.0))
    assert (first.logits, second.model_id) == ((2.0,), "words@1")
    await lazy.revive(5.0)
    assert (load.loads, load.scorer.revived) == (1, 1)


async def test_who_runs_out_of_time_does_not_end_the_loading(lazy, load):
    load.may_end.clear()
    with pytest.raises(RerankerTimeoutError, match="models/chinese was still loading"):
        await lazy.score(PAIR, 0.01)
    load.may_end.set()
    assert (await lazy.score(PAIR, 5.0)).model_id == "words@1"
    assert load.loads == 1


async def test_what_does_not_load_is_tried_again(lazy, load):
    load.failure = RerankerModelError("no model.onnx", remedy="export it")
    with pytest.raises(RerankerUnavailableError, match="does not load: no model") as caught:
        await lazy.identity(5.0)
    assert caught.value.remedy == "export it"
    load.failure = None
    assert (await lazy.identity(5.0)).model_id == "words@1"
    assert load.loads == 2


async def test_our_own_bugs_are_left_to_raise(lazy, load):
    load.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await lazy.identity(5.0)


async def test_closing_closes_what_was_loaded_and_loads_nothing(load):
    await LazyPairScorer(load, "models/chinese").close()
    assert load.loads == 0
    lazy = LazyPairScorer(load, "models/chinese")
    await lazy.identity(5.0)
    await lazy.close()
    await lazy.close()


async def test_after_a_bug_of_ours_it_is_tried_again(lazy, load):
    load.failure = TypeError()
    with pytest.raises(TypeError):
        await lazy.identity(5.0)
    load.failure = None
    assert (await lazy.identity(5.0)).model_id == "words@1"


async def test_why_it_did_not_load_is_told_even_if_nobody_waited_so_long(lazy, load):
    load.may_end.clear()
    load.failure = RerankerModelError("no model.onnx")
    with pytest.raises(RerankerTimeoutError):
        await lazy.identity(0.01)
    load.may_end.set()
    with pytest.raises(RerankerUnavailableError, match=r"no model\.onnx"):
        await lazy.identity(5.0)
    assert load.loads == 1
