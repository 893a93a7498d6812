"""The rerank window on a real node: order, pages, documents, what happens without scores."""

from contextlib import asynccontextmanager

import pytest

from reranker import CrossEncoderReranker
from reranker.testing import WordOverlapScorer
from retrieval import Retriever, SearchRequest, WindowReranking
from search_core import QueryPlan, RerankerTimeoutError
from search_core.settings import RerankerSettings, RetrievalSettings, SearchEngineSettings
from search_engine import Searcher, connect_async

QUERY = "novaphone case gold"


class GoldScorer(WordOverlapScorer):
    """Likes one colour, so that its order is easily told from fusion's."""

    async def score(self, pairs, timeout_seconds):
        return await super().score([("gold", passage) for _, passage in pairs], timeout_seconds)


@pytest.fixture
def scorer():
    return GoldScorer()


@pytest.fixture
def reranked(opensearch_url, scorer, encoder):
    @asynccontextmanager
    async def opened(**settings):
        section = RerankerSettings(**{"weight": 1.0, "rerank_window": 20, **settings})
        searcher = Searcher(connect_async(SearchEngineSettings(url=opensearch_url)))
        reranking = WindowReranking(CrossEncoderReranker(scorer, section), section)
        try:
            yield Retriever(searcher, RetrievalSettings(), lambda _: encoder, reranking=reranking)
        finally:
            await searcher.close()

    return opened


def request(text=QUERY, **options):
    return SearchRequest(plan=QueryPlan.plain(text), **options)


def ids(response):
    return [hit.product_id for hit in response.hits]


async def test_the_window_is_in_the_cross_encoders_order(reranked, index):
    async with reranked() as retriever:
        response = await retriever.search(index, request("novaphone case", size=20, explain=True))
    found = ids(response)
    gold = [each for each in found if each.endswith("gold")]
    assert gold
    assert found[: len(gold)] == gold
    first = response.hits[0]
    assert first.rank == 1
    assert first.rerank_score == 1.0
    assert first.mixed.fused_rank >= 1
    assert any("The cross-encoder" in line for line in first.explanation)
    assert "title" in first.document
    assert response.degraded == ()
    assert response.timings.rerank_ms > 0


async def test_hits_below_the_window_have_no_rerank_score_and_fusions_order(
    reranked, open_retriever, index
):
    async with reranked() as retriever, open_retriever() as plain:
        mixed = await retriever.search(index, request(size=40))
        fused = await plain.search(index, request(size=40))
    assert sorted(ids(mixed)[:20]) == sorted(ids(fused)[:20])
    assert ids(mixed)[20:] == ids(fused)[20:]
    assert all(hit.mixed is None for hit in mixed.hits[20:])
    assert mixed.total == fused.total


@pytest.mark.parametrize("size", [7, 10, 15])
@pytest.mark.parametrize("collapse", [False, True])
async def test_pages_never_repeat_or_skip_a_product(reranked, index, size, collapse):
    async with reranked() as retriever:
        whole = await retriever.search(index, request(size=60, collapse_variants=collapse))
        paged = []
        for offset in range(0, 60, size):
            page = await retriever.search(
                index, request(offset=offset, size=size, collapse_variants=collapse)
            )
            paged += ids(page)
    assert paged[: len(whole.hits)] == ids(whole)
    assert len(set(paged)) == len(paged)


async def test_a_page_below_the_window_asks_for_no_scores(reranked, index, scorer):
    async with reranked() as retriever:
        await retriever.search(index, request(offset=20, size=10))
    assert scorer.scored == []


async def test_a_late_reranker_leaves_fusions_page_and_says_so(
    reranked, open_retriever, index, scorer
):
    scorer.failure = RerankerTimeoutError("too late")
    async with reranked() as retriever, open_retriever() as plain:
        degraded = await retriever.search(index, request(facets=("brand",), explain=True))
        fused = await plain.search(index, request(facets=("brand",), explain=True))
    assert degraded.degraded == ("without reranker: too late",)
    assert [(hit.product_id, hit.explanation) for hit in degraded.hits] == [
        (hit.product_id, hit.explanation) for hit in fused.hits
    ]
    assert (degraded.total, degraded.facets) == (fused.total, fused.facets)


async def test_a_sorted_result_and_one_without_text_are_not_reranked(reranked, index, scorer):
    from retrieval import parse_sort

    async with reranked() as retriever:
        await retriever.search(index, request(sort=parse_sort("price:asc")))
        await retriever.search(index, request(""))
    assert scorer.scored == []


async def test_a_ranking_for_another_page_maker_is_reranked_too(reranked, index):
    async with reranked() as retriever:
        ranked = await retriever.ranking(index, request())
        tuned = await retriever.rank(index, QueryPlan.plain(QUERY))
    assert ranked.candidates[0].product_id.endswith("gold")
    assert set(ranked.documents) == set(ranked.mixed)
    assert sorted(tuned[:20]) == sorted(each.product_id for each in ranked.candidates[:20])


async def test_it_names_the_model_that_reranks(reranked, open_retriever):
    async with reranked() as retriever, open_retriever() as plain:
        assert await retriever.reranking_model() == "words@1"
        assert await plain.reranking_model() is None
