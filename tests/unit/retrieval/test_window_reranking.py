import pytest

from reranker import CrossEncoderReranker
from reranker.testing import WordOverlapScorer
from retrieval.deadline import Deadline
from retrieval.fusion import FusedRanking
from retrieval.ranked_result import RankedResult
from retrieval.search_request import Timings
from retrieval.window_reranking import WindowReranking
from search_core import QueryPlan, RerankerUnavailableError
from search_core.settings import FusionSettings, RerankerSettings
from search_engine import Candidate, Leg, LegResult, ResultSet, StoredProduct, TextMatch

TITLES = {"a": "toner", "b": "red", "c": "red dress", "d": "a red summer dress"}


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def ranked(order="abcd", text="red summer dress", coded=""):
    found = tuple(
        Candidate(product_id=each, score=9.0 - n, variant_group=each, exact_code=each in coded)
        for n, each in enumerate(order)
    )
    result = LegResult(leg=Leg.ALL_TERMS, candidates=found, total=len(order), took_ms=1.0)
    ranking = FusedRanking({Leg.ALL_TERMS: result}, FusionSettings())
    match = TextMatch(
        text=text, all_terms_boosts={}, some_terms_boosts={}, minimum_should_match="1"
    )
    return RankedResult(
        ranking=ranking,
        candidates=ranking.candidates,
        result_set=ResultSet(match=match, filters=()),
        more=False,
        plan=QueryPlan.plain(text),
        fusion=FusionSettings(),
        generation="products-1",
        preference="p",
        degraded=("without dense: no vectors",),
        timings=Timings(),
    )


@pytest.fixture
def scorer():
    return WordOverlapScorer(languages=["en"])


@pytest.fixture
def reorder(scorer):
    asked = []

    async def fetch(ids):
        asked.append(ids)
        return {
            each: StoredProduct(product_id=each, document={"title": TITLES[each]})
            for each in ids
            if each in TITLES
        }

    async def reorder(result, *, seconds=2.0, **settings):
        section = RerankerSettings(**{"weight": 1.0, **settings})
        reranking = WindowReranking(CrossEncoderReranker(scorer, section), section)
        return await reranking.reordered(result, fetch, Deadline(seconds, Clock()))

    reorder.asked = asked
    return reorder


def ids(result):
    return "".join(each.product_id for each in result.candidates)


async def test_the_window_is_put_in_the_mixed_order(reorder):
    result = await reorder(ranked())
    assert ids(result) == "dcba"
    assert result.mixed["d"].rerank_score == 3.0
    assert result.mixed["d"].fused_rank == 4


async def test_what_lies_below_the_window_keeps_its_place(reorder):
    result = await reorder(ranked(), rerank_window=2)
    assert ids(result) == "bacd"
    assert set(result.mixed) == {"a", "b"}
    assert reorder.asked == [("a", "b")]


async def test_a_product_whose_code_is_the_query_stays_first(reorder):
    result = await reorder(ranked(coded="a"))
    assert ids(result) == "adcb"


async def test_the_documents_are_kept_for_the_page(reorder):
    result = await reorder(ranked())
    assert set(result.documents) == set("abcd")


async def test_a_product_that_is_gone_meanwhile_is_last(reorder):
    result = await reorder(ranked("xabc"))
    assert ids(result)[-1] in "ax"
    assert result.mixed["x"].value == 0.0


async def test_a_broken_reranker_leaves_fusions_order_and_says_so(reorder, scorer):
    scorer.failure = RerankerUnavailableError("Triton is gone")
    result = await reorder(ranked())
    assert ids(result) == "abcd"
    assert result.mixed == {}
    assert result.degraded == (
        "without dense: no vectors",
        "without reranker: Triton is gone",
    )


async def test_another_language_leaves_fusions_order_and_is_not_degraded(reorder):
    result = await reorder(ranked(text="红色连衣裙"))
    assert ids(result) == "abcd"
    assert result.degraded == ("without dense: no vectors",)


async def test_one_candidate_is_not_reranked(reorder):
    result = await reorder(ranked("a"))
    assert ids(result) == "a"
    assert reorder.asked == []


async def test_the_time_that_the_page_needs_is_not_spent_on_scores(reorder):
    result = await reorder(ranked(), seconds=0.15)
    assert ids(result) == "abcd"
    assert result.degraded[-1] == "without reranker: no time was left for the reranker"


async def test_the_explanation_names_what_the_cross_encoder_did(reorder):
    result = await reorder(ranked())
    text = "\n".join(result.explanation(0))
    assert "gives it +3.00; fusion had it at rank 4." in text
    assert "It stands 0.333 above c, mostly by the cross-encoder (+0.333)." in text


async def test_a_page_beyond_the_window_is_no_concern_of_it(scorer):
    section = RerankerSettings(rerank_window=20)
    reranking = WindowReranking(CrossEncoderReranker(scorer, section), section)
    assert reranking.concerns(19)
    assert not reranking.concerns(20)
