import asyncio
import threading

import numpy as np
import pytest

from reranker.cross_encoder import ScoringOptions
from reranker.onnx_pair_scorer import OnnxPairScorer
from search_core import (
    RerankerModelError,
    RerankerOverloadedError,
    RerankerTimeoutError,
    RerankerUnavailableError,
)

PAIRS = [("red", "red dress")]


class HeldModel:
    """A model that computes only once it is let go."""

    model_id = "held@1"
    languages = ()

    def __init__(self):
        self.go = threading.Event()
        self.abandoned = None

    def score(self, pairs, is_abandoned):
        assert self.go.wait(10)
        self.abandoned = is_abandoned()
        return np.zeros(len(pairs), np.float32)


@pytest.fixture
async def held():
    scorer = OnnxPairScorer(HeldModel())
    yield scorer
    scorer._model.go.set()
    await scorer.close()


async def test_pairs_are_scored_by_the_loaded_model(make_model):
    scorer = OnnxPairScorer.load(make_model(languages=["en"]), ScoringOptions(threads=1))
    scores = await scorer.score(PAIRS, 10.0)
    assert scores.logits == (3.0,)
    identity = await scorer.identity(10.0)
    assert identity.model_id == scores.model_id
    assert identity.languages == ("en",)
    await scorer.close()


async def test_what_is_late_is_abandoned(held):
    with pytest.raises(RerankerTimeoutError, match="1 pairs were not scored within 10 ms"):
        await held.score(PAIRS, 0.01)
    held._model.go.set()
    await asyncio.wait_for(held.score(PAIRS, 10.0), 10.0)
    # The first one, which nobody waits for, was told so.
    assert held._model.abandoned is False


async def test_a_ninth_request_is_refused_at_once(held):
    waiting = [asyncio.create_task(held.score(PAIRS, 30.0)) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(RerankerOverloadedError, match="8 requests wait"):
        await held.score(PAIRS, 30.0)
    held._model.go.set()
    assert len(await asyncio.gather(*waiting)) == 8


async def test_a_model_that_fails_is_unavailable(make_model):
    folder = make_model(scale=float("nan"))
    scorer = OnnxPairScorer.load(folder, ScoringOptions(threads=1))
    with pytest.raises(RerankerUnavailableError, match="not a number"):
        await scorer.score(PAIRS, 10.0)
    await scorer.close()


def test_a_folder_without_a_model_is_named_with_what_to_do(tmp_path):
    with pytest.raises(RerankerModelError, match="cannot serve as cross-encoder") as caught:
        OnnxPairScorer.load(tmp_path, ScoringOptions())
    assert "text-classification" in caught.value.remedy
