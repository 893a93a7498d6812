from contextlib import AsyncExitStack

import pytest

from reranker.testing import WordOverlapScorer, write_word_model
from search_core.settings import Settings
from shopkeeper.shared_scorers import RememberedWindows, SharedScorers

WINDOW = [("red dress", "a red dress"), ("red dress", "toner")]


def settings(folder, **changes):
    reranker = {"kind": "onnx", "cross_encoder": str(folder), "threads": 1} | changes
    return Settings.model_validate({"reranker": reranker})


def shared(scorers, settings, *, remembers):
    return scorers.source(settings, remembers=remembers)(settings.reranker)


@pytest.fixture
def words():
    return WordOverlapScorer()


async def test_systems_that_mix_otherwise_share_a_model(tmp_path):
    folder = write_word_model(tmp_path / "words")
    async with AsyncExitStack() as stack:
        scorers = SharedScorers(stack, None)
        one = shared(scorers, settings(folder, weight=0.2), remembers=False)
        other = shared(scorers, settings(folder, weight=0.6, rerank_window=20), remembers=False)
        shorter = shared(scorers, settings(folder, max_tokens=64), remembers=False)
    assert one is other
    assert one is not shorter


async def test_where_time_is_taken_nothing_is_remembered(tmp_path):
    folder = write_word_model(tmp_path / "words")
    async with AsyncExitStack() as stack:
        scorers = SharedScorers(stack, None)
        timed = shared(scorers, settings(folder), remembers=False)
        remembering = shared(scorers, settings(folder), remembers=True)
        assert not isinstance(timed, RememberedWindows)
        assert isinstance(remembering, RememberedWindows)
        assert shared(scorers, settings(folder, weight=0.6), remembers=True) is remembering


async def test_the_models_of_two_languages_are_two(tmp_path):
    folder = write_word_model(tmp_path / "words")
    found = settings(folder, models={"zh": str(write_word_model(tmp_path / "chinese"))})
    async with AsyncExitStack() as stack:
        source = SharedScorers(stack, None).source(found, remembers=False)
        others, chinese = source(found.reranker), source(found.reranker.of_language("zh"))
        assert others is not chinese
        assert (await chinese.identity(10.0)).model_id.startswith("chinese@")


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
        scorer = shared(SharedScorers(stack, None), settings(folder), remembers=True)
        await scorer.close()
        assert (await scorer.score(WINDOW, 10.0)).logits == (3.0, -3.0)
