"""Ranges, relaxation and spaces put right, on a real node."""

from contextlib import asynccontextmanager

import pytest

from query_understanding import CatalogueSource, QueryUnderstanding, create_chain, learn_catalogue
from retrieval import Retriever, SearchRequest
from search_core import Attribute, Product
from search_core.settings import (
    QueryUnderstandingSettings,
    RetrievalSettings,
    SearchEngineSettings,
)
from search_engine import Searcher, connect_async, product_document

PATIENT = QueryUnderstandingSettings(budget_ms=60_000, unit_budget_ms=60_000)


def kettles():
    """Return kettles of 1 to 4 litres: two with `volume_l`, two with `volume_ml`."""
    volumes = (("volume_l", 1.0), ("volume_l", 2.0), ("volume_ml", 3_000.0), ("volume_ml", 4_000.0))
    return [
        Product(
            id=f"kettle-{n}",
            title=f"Kettle {n}",
            product_type="Kettle",
            price=30.0,
            language="en",
            attributes=(Attribute(name=name, value=value),),
        )
        for n, (name, value) in enumerate(volumes, start=1)
    ]


@pytest.fixture
def found(opensearch_url, index, client):
    lines = []
    for product in kettles():
        lines += [{"index": {"_id": product.id}}, product_document(product)]
    answer = client.bulk(index=index, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer
    learn_catalogue(client, index)
    understanding = QueryUnderstanding(create_chain(PATIENT), CatalogueSource(client))

    @asynccontextmanager
    async def opened():
        searcher = Searcher(connect_async(SearchEngineSettings(url=opensearch_url)))
        try:
            yield Retriever(searcher, RetrievalSettings(deadline_ms=60_000), None)
        finally:
            await searcher.close()

    async def searched(text):
        async with opened() as retriever:
            plan = await understanding.plan(index, text)
            return await retriever.search(index, SearchRequest(plan=plan, size=30, explain=True))

    return searched


def ids(response):
    return [hit.product_id for hit in response.hits]


async def test_a_range_holds_in_every_unit_that_the_catalogue_has(found):
    response = await found("kettle at least 1.5 l")
    # Fewer than a page: the range is a preference then, and those outside it come last.
    assert set(ids(response)[:3]) == {"kettle-2", "kettle-3", "kettle-4"}
    assert ids(response)[3] == "kettle-1"
    assert any("inferred_filters" in line for line in response.hits[0].explanation)


async def test_words_that_no_product_has_do_not_empty_the_page(found):
    response = await found("zzqj vvkt xqjz kettle")
    assert set(ids(response)) == {f"kettle-{n}" for n in (1, 2, 3, 4)}
    assert response.total == 4
    assert any(line.startswith("relaxation:") for line in response.hits[0].explanation)


async def test_a_word_torn_apart_finds_what_the_whole_word_finds(found):
    assert set(ids(await found("ket tle"))) == {f"kettle-{n}" for n in (1, 2, 3, 4)}
    assert len(ids(await found("head set"))) == 20
