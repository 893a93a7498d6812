import pytest

from reranker import CrossEncoderReranker
from reranker.testing import WordOverlapScorer
from search_core import RerankerError, RerankerUnavailableError
from search_core.settings import RerankerSettings
from shopkeeper.tuned_reranking import InsistentReranker


@pytest.fixture
def scorer():
    return WordOverlapScorer(model_id="words@1", languages=["en"])


@pytest.fixture
def reranker(scorer):
    return InsistentReranker(CrossEncoderReranker(scorer, RerankerSettings()), "words@1")


async def rerank(reranker, query="red dress", passages=("a red dress", "toner")):
    return await reranker.rerank(query, passages, language=None, timeout_seconds=1.0)


async def test_scores_are_handed_on_and_each_pair_is_scored_once(reranker, scorer):
    assert (await rerank(reranker)).scores == (2.0, 0.0)
    assert (await rerank(reranker, passages=("a red dress",))).scores == (2.0,)
    assert len(scorer.scored) == 2


async def test_a_reranker_that_does_not_answer_ends_the_tuning(reranker, scorer):
    scorer.failure = RerankerUnavailableError("Triton is gone")
    with pytest.raises(RerankerError, match="no rerank scores: Triton is gone"):
        await rerank(reranker)


async def test_scores_of_two_models_are_not_mixed(reranker, scorer):
    await rerank(reranker)
    scorer.model_id = "words@2"
    with pytest.raises(RerankerError, match="changed from words@1 to words@2"):
        await rerank(reranker, query="red shoe")


async def test_a_query_in_another_language_keeps_its_order_as_in_a_search(reranker):
    outcome = await rerank(reranker, query="红色连衣裙")
    assert not outcome.degraded
