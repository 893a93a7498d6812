"""Whole searches on a real OpenSearch, reranked by a real Triton that is killed meanwhile."""

import asyncio

import pytest

from artifacts import ArtifactStore, default_cache_dir
from reranker import create_reranker
from retrieval import Retriever, SearchRequest, WindowReranking
from search_core import Product, QueryPlan
from search_core.settings import RerankerSettings, RetrievalSettings, SearchEngineSettings
from search_engine import (
    IndexDescription,
    Searcher,
    connect,
    connect_async,
    index_body,
    product_document,
)

TITLES = ["red dress", "red summer dress", "red toner", "red black dress", "red"]


@pytest.fixture
def index(opensearch_url, unique_index_name):
    settings = SearchEngineSettings(url=opensearch_url)
    client = connect(settings)
    body = index_body(IndexDescription(languages=("en",), encoder=None), settings)
    client.indices.create(index=unique_index_name, body=body)
    for place, title in enumerate(TITLES):
        document = product_document(Product(id=f"p{place}", title=title))
        client.index(index=unique_index_name, id=f"p{place}", body=document)
    client.indices.refresh(index=unique_index_name)
    client.close()
    return unique_index_name


@pytest.fixture
async def retriever(opensearch_url, triton):
    section = RerankerSettings(
        kind="triton",
        url=triton.status.url,
        weight=1.0,
        cached_scores=0,
        failures_to_open=2,
        cool_down_ms=300,
        timeout_ms=5_000,
    )
    reranker = create_reranker(section, ArtifactStore(default_cache_dir()))
    searcher = Searcher(connect_async(SearchEngineSettings(url=opensearch_url)))
    settings = RetrievalSettings(deadline_ms=10_000)
    yield Retriever(searcher, settings, None, reranking=WindowReranking(reranker, section))
    await reranker.close()
    await searcher.close()


async def test_no_search_fails_when_the_model_is_killed_and_ranks_come_back(
    triton, index, retriever, until
):
    responses, going = [], True

    async def shopper():
        while going:
            request = SearchRequest(plan=QueryPlan.plain("red"))
            responses.append(await retriever.search(index, request))
            await asyncio.sleep(0.01)

    def since(place, *, degraded):
        return sum(bool(each.degraded) is degraded for each in responses[place:])

    shoppers = [asyncio.create_task(shopper()) for _ in range(3)]
    await until(lambda: since(0, degraded=False) > 10)
    (stub,) = triton.stubs()
    stub.kill()
    killed = len(responses)
    await until(lambda: since(killed, degraded=True) > 5)
    broken = len(responses)
    await until(lambda: since(broken, degraded=False) > 10)
    going = False
    await asyncio.gather(*shoppers)

    for response in responses:
        assert len(response.hits) == len(TITLES)
        if response.degraded:
            assert all(reason.startswith("without reranker: ") for reason in response.degraded)
            assert all(hit.mixed is None for hit in response.hits)
        else:
            # red summer dress 3.5, red dress 3, red black dress 2, red 1, red toner -2
            assert [hit.product_id for hit in response.hits] == ["p1", "p0", "p3", "p4", "p2"]
            assert response.hits[0].rerank_score == pytest.approx(3.5)
