import asyncio

import pytest

from reranker import CrossEncoderReranker, NotReranked, Reranked, RoutedReranker
from reranker.score_cache import ScoreCache
from reranker.testing import WordOverlapScorer
from search_core import RerankerUnavailableError
from search_core.settings import RerankerSettings


@pytest.fixture
def scorers():
    return {
        None: WordOverlapScorer("english@1", languages=["en"]),
        "zh": WordOverlapScorer("chinese@1", languages=["zh", "en"]),
        "de": WordOverlapScorer("german@1", languages=["de"]),
    }


@pytest.fixture
def reranker(scorers):
    cache = ScoreCache(100)
    settings = RerankerSettings(failures_to_open=1)
    others, *own = (
        CrossEncoderReranker(scorer, settings, cache=cache) for scorer in scorers.values()
    )
    return RoutedReranker(others, dict(zip(("zh", "de"), own, strict=True)))


async def rerank(reranker, query, language=None, passages=("red dress",)):
    return await reranker.rerank(query, passages, language=language, timeout_seconds=1.0)


@pytest.mark.parametrize(
    ("query", "language", "model", "route"),
    [
        ("red dress", "en", "english@1", None),
        ("red dress", None, "english@1", None),
        ("红色连衣裙", "zh", "chinese@1", "zh"),
        ("红色连衣裙", None, "chinese@1", "zh"),
        ("iphone 手机壳", None, "chinese@1", "zh"),
        ("iphone", "zh", "chinese@1", "zh"),
        ("rotes kleid", "de", "german@1", "de"),
    ],
)
async def test_a_query_goes_to_the_model_of_its_language(reranker, query, language, model, route):
    outcome = await rerank(reranker, query, language)
    assert isinstance(outcome, Reranked)
    assert (outcome.model_id, outcome.language) == (model, route)


async def test_a_language_without_a_model_keeps_its_order_without_being_degraded(reranker):
    outcome = await rerank(reranker, "赤いドレス", "ja")
    assert outcome == NotReranked(
        reason="the reranker reads en, not the query's language",
        degraded=False,
        unreadable=True,
    )


async def test_a_dead_model_costs_its_own_language_its_scores_and_no_other(reranker, scorers):
    scorers["zh"].failure = RerankerUnavailableError("gone")
    dead = await rerank(reranker, "红色连衣裙")
    assert (dead.reason, dead.degraded) == ("gone (reranker.models.zh)", True)
    assert isinstance(await rerank(reranker, "red dress"), Reranked)
    assert isinstance(await rerank(reranker, "rotes kleid", "de"), Reranked)
    assert [(each.language, each.rests) for each in reranker.states] == [
        (None, False), ("zh", True), ("de", False),
    ]  # fmt: skip


async def test_scores_of_one_model_are_never_taken_for_those_of_another(reranker, scorers):
    await rerank(reranker, "dress", "en", ("a dress",))
    outcome = await rerank(reranker, "dress", "de", ("a dress",))
    assert outcome.from_cache == 0
    assert (await rerank(reranker, "dress", "de", ("a dress",))).from_cache == 1


async def test_all_models_are_named_and_each_is_known_by_its_language(reranker, scorers):
    assert await reranker.model_id(1.0) == "english@1 + chinese@1 + german@1"
    assert [(each.language, each.model_id) for each in reranker.states] == [
        (None, "english@1"), ("zh", "chinese@1"), ("de", "german@1"),
    ]  # fmt: skip


async def test_all_are_asked_before_one_that_is_dead_is_told(reranker, scorers):
    scorers[None].failure = RerankerUnavailableError("gone")
    with pytest.raises(RerankerUnavailableError, match="gone"):
        await reranker.model_id(1.0)
    assert [each.model_id for each in reranker.states] == [None, "chinese@1", "german@1"]


async def test_a_model_set_for_a_language_that_its_card_does_not_name_reads_nothing(scorers):
    english = CrossEncoderReranker(scorers[None], RerankerSettings())
    misplaced = RoutedReranker(english, {"zh": english})
    outcome = await rerank(misplaced, "红色连衣裙")
    assert (outcome.degraded, outcome.reason) == (
        False, "the reranker reads en, not the query's language (reranker.models.zh)",
    )  # fmt: skip
    await misplaced.model_id(1.0)
    assert [each.misplaced for each in misplaced.states] == [False, True]


async def test_searches_of_several_languages_at_once_keep_their_models(reranker):
    found = await asyncio.gather(
        *(rerank(reranker, text) for text in ("red dress", "红色连衣裙") * 10)
    )
    assert [each.model_id for each in found] == ["english@1", "chinese@1"] * 10
