import asyncio

import pytest

from reranker import BLANK_LOGIT, CrossEncoderReranker, NotReranked, Reranked
from reranker.testing import WordOverlapScorer
from search_core import (
    RerankerOverloadedError,
    RerankerTimeoutError,
    RerankerUnavailableError,
)
from search_core.settings import RerankerSettings


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def scorer():
    return WordOverlapScorer()


@pytest.fixture
def make(scorer, clock):
    def make(**settings):
        return CrossEncoderReranker(scorer, RerankerSettings(**settings), clock)

    return make


async def rerank(reranker, query, passages, language=None, timeout_seconds=1.0):
    return await reranker.rerank(
        query, passages, language=language, timeout_seconds=timeout_seconds
    )


async def let_the_probe_run():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_every_passage_gets_its_score_in_their_order(make):
    outcome = await rerank(make(), "red dress", ["a red dress", "toner", "red"])
    assert outcome == Reranked(scores=(2.0, 0.0, 1.0), model_id="words@1", from_cache=0)


async def test_known_pairs_are_not_scored_again(make, scorer):
    reranker = make()
    await rerank(reranker, "red dress", ["a red dress", "toner"])
    outcome = await rerank(reranker, "red dress", ["toner", "red", "a red dress"])
    assert outcome == Reranked(scores=(0.0, 1.0, 2.0), model_id="words@1", from_cache=2)
    assert scorer.scored[2:] == [("red dress", "red")]


async def test_equal_passages_are_scored_once(make, scorer):
    outcome = await rerank(make(), "red", ["red", "toner", "red"])
    assert outcome.scores == (1.0, 0.0, 1.0)
    assert len(scorer.scored) == 2


async def test_without_a_cache_every_pair_is_scored(make, scorer):
    reranker = make(cached_scores=0)
    for _ in range(2):
        outcome = await rerank(reranker, "red", ["red", "toner"])
    assert outcome == Reranked(scores=(1.0, 0.0), model_id="words@1", from_cache=0)
    assert len(scorer.scored) == 4


async def test_an_empty_passage_stands_below_every_other(make, scorer):
    outcome = await rerank(make(), "red", ["", "toner", "  "])
    assert outcome.scores == (BLANK_LOGIT, 0.0, BLANK_LOGIT)
    assert scorer.scored == [("red", "toner")]


async def test_an_empty_query_is_not_reranked_and_not_degraded(make):
    outcome = await rerank(make(), " ", ["red"])
    assert isinstance(outcome, NotReranked)
    assert not outcome.degraded


async def test_scores_of_two_models_are_never_mixed(make, scorer):
    reranker = make()
    await rerank(reranker, "red", ["red", "toner"])
    scorer.model_id = "words@2"
    outcome = await rerank(reranker, "red", ["red", "dress"])
    assert outcome == Reranked(scores=(1.0, 0.0), model_id="words@2", from_cache=0)
    again = await rerank(reranker, "red", ["red", "dress"])
    assert again == Reranked(scores=(1.0, 0.0), model_id="words@2", from_cache=2)


@pytest.mark.parametrize(
    ("error", "overloaded"),
    [
        (RerankerTimeoutError("late"), False),
        (RerankerOverloadedError("full"), True),
        (RerankerUnavailableError("dead"), False),
    ],
)
async def test_late_full_and_dead_are_values(make, scorer, error, overloaded):
    scorer.failure = error
    outcome = await rerank(make(), "red", ["red"])
    assert outcome == NotReranked(reason=error.message, degraded=True, overloaded=overloaded)


async def test_our_own_bugs_are_left_to_raise(make, scorer):
    scorer.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await rerank(make(), "red", ["red"])


async def test_after_failures_in_a_row_nothing_is_asked_any_more(make, scorer):
    reranker = make(failures_to_open=2)
    scorer.failure = RerankerUnavailableError("dead")
    for _ in range(2):
        await rerank(reranker, "red", ["red"])
    scorer.failure = None
    outcome = await rerank(reranker, "red", ["red"])
    assert outcome == NotReranked(reason="the reranker is out of order", degraded=True)
    assert scorer.scored == []


async def test_it_comes_back_by_a_probe_beside_the_searches(make, scorer, clock):
    reranker = make(failures_to_open=1, cool_down_ms=1_000)
    scorer.failure = RerankerUnavailableError("dead")
    await rerank(reranker, "red", ["red"])
    clock.now += 1.0
    assert (await rerank(reranker, "red", ["red"])).degraded
    await let_the_probe_run()
    assert scorer.revived == 1
    assert (await rerank(reranker, "red", ["red"])).degraded
    scorer.failure = None
    clock.now += 1.0
    assert (await rerank(reranker, "red", ["red"])).degraded
    await let_the_probe_run()
    assert (await rerank(reranker, "red", ["red"])).scores == (1.0,)
    await reranker.close()


async def test_a_dead_model_is_revived_only_where_that_is_allowed(make, scorer, clock):
    reranker = make(failures_to_open=1, cool_down_ms=1_000, dead_model="leave")
    scorer.failure = RerankerUnavailableError("dead")
    await rerank(reranker, "red", ["red"])
    clock.now += 1.0
    scorer.failure = None
    await rerank(reranker, "red", ["red"])
    await let_the_probe_run()
    assert scorer.revived == 0
    assert (await rerank(reranker, "red", ["red"])).scores == (1.0,)


async def test_closing_ends_a_probe_under_way(make, scorer, clock):
    reranker = make(failures_to_open=1, cool_down_ms=1_000)
    scorer.failure = RerankerUnavailableError("dead")
    await rerank(reranker, "red", ["red"])
    clock.now += 1.0
    scorer.gate = asyncio.Event()
    await rerank(reranker, "red", ["red"])
    await let_the_probe_run()
    await reranker.close()


async def test_no_time_left_is_degraded_and_nobodys_fault(make, scorer):
    reranker = make(failures_to_open=1)
    outcome = await rerank(reranker, "red", ["red"], timeout_seconds=0.001)
    assert outcome == NotReranked(reason="no time was left for the reranker", degraded=True)
    assert (await rerank(reranker, "red", ["red"])).scores == (1.0,)


@pytest.mark.parametrize("by_card", [True, False])
async def test_a_query_in_another_language_is_not_reranked_and_not_degraded(make, scorer, by_card):
    scorer.languages = ("en",) if by_card else ()
    reranker = make(languages=() if by_card else ("en",))
    outcome = await rerank(reranker, "红色连衣裙", ["red"])
    assert outcome == NotReranked(
        reason="the reranker reads en, not the query's language", degraded=False, unreadable=True
    )
    assert scorer.scored == []


async def test_the_settings_languages_go_before_the_cards(make, scorer):
    scorer.languages = ("en",)
    outcome = await rerank(make(languages=("en", "zh")), "红色", ["红色"], language="zh")
    assert outcome.scores == (1.0,)


async def test_it_names_the_model_that_answers(make):
    assert await make().model_id(1.0) == "words@1"


async def test_products_in_another_language_are_not_reranked_and_not_scored(make, scorer):
    scorer.languages = ("en",)
    outcome = await rerank(make(), "yumi", ["日式拉面碗", "陶瓷餐具"])
    assert outcome == NotReranked(
        reason="the reranker reads en, not most products' language",
        degraded=False,
        unreadable=True,
    )
    assert scorer.scored == []


async def test_a_long_failure_is_logged_once_a_minute(make, scorer, clock, caplog):
    reranker = make(failures_to_open=1, cool_down_ms=1_000)
    scorer.failure = RerankerUnavailableError("dead")
    await rerank(reranker, "red", ["red"])
    for _ in range(90):
        clock.now += 1.5
        await rerank(reranker, "red", ["red"])
        await let_the_probe_run()
    told = [each for each in caplog.messages if each.startswith("reranker_probe_failed")]
    assert len(told) == 3
