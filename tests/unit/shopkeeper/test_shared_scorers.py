from contextlib import AsyncExitStack

import pytest

from reranker.testing import WordOverlapScorer, write_word_model
from search_core.settings import Settings
from shopkeeper.shared_scorers import RememberedWindows, SharedScorers

WINDOW = [("red dress", "a red dress"), ("red dress", "toner")]


def settings(folder, **changes):
    reranker = {"kind": "onnx", "cross_encoder": str(folder), "threads": 1} | changes
    return Settings.model_validate({"reranker": reranker})


@pytest.fixture
def words():
    return WordOverlapScorer()


async def test_systems_that_mix_otherwise_share_a_model(tmp_path):
    folder = write_word_model(tmp_path / "words")
    async with AsyncExitStack() as stack:
        scorers = SharedScorers(stack, None)
        one = scorers.of(settings(folder, weight=0.2), remembers=False)
        other = scorers.of(settings(folder, weight=0.6, rerank_window=20), remembers=False)
        shorter = scorers.of(settings(folder, max_tokens=64), remembers=False)
    assert one is other
    assert one is not shorter


async def test_where_time_is_taken_nothing_is_remembered(tmp_path):
    folder = write_word_model(tmp_path / "words")
    async with AsyncExitStack() as stack:
        scorers = SharedScorers(stack, None)
        timed = scorers.of(settings(folder), remembers=False)
        remembering = scorers.of(settings(folder), remembers=True)
        assert not isinstance(timed, RememberedWindows)
        assert isinstance(remembering, RememberedWindows)
        assert scorers.of(settings(folder, weight=0.6), remembers=True) is remembering


async def test_without_a_reranker_nothing_is_loaded():
    async with AsyncExitStack() as stack:
        assert SharedScorers(stack, None).of(Settings(), remembers=True) is None


async def test_a_window_is_scored_once_and_another_one_whole(words):
    windows = RememberedWindows(words)
    first, again = [await windows.score(WINDOW, 1.0) for _ in range(2)]
    assert first == again
    assert first.logits == (2.0, 0.0)
    assert words.scored == WINDOW
    await windows.score(WINDOW[:1], 1.0)
    assert words.scored == WINDOW + WINDOW[:1]


async def test_scores_of_a_model_that_was_replaced_are_forgotten(words):
    windows = RememberedWindows(words)
    await windows.score(WINDOW, 1.0)
    words.model_id = "words@2"
    assert (await windows.identity(1.0)).model_id == "words@2"
    assert (await windows.score(WINDOW, 1.0)).model_id == "words@2"
    assert words.scored == WINDOW * 2


async def test_who_shares_a_scorer_does_not_close_it(tmp_path):
    folder = write_word_model(tmp_path / "words")
    async with AsyncExitStack() as stack:
        shared = SharedScorers(stack, None).of(settings(folder), remembers=True)
        await shared.close()
        assert (await shared.score(WINDOW, 10.0)).logits == (3.0, -3.0)
