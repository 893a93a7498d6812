"""Codes that only attributes have, on a real node."""

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
PRODUCTS = (
    # Has the code's parts in its title, where words count most, but not the code.
    Product(id="alike", title="QX adapter, 4410Z edition", language="en"),
    Product(
        id="meant",
        title="Drum kit",
        language="en",
        attributes=(Attribute(name="fits", value="QX-4410Z"),),
    ),
    Product(
        id="listed",
        title="Toner",
        language="en",
        attributes=(
            Attribute(name="fits", value=", ".join(f"Zorb VX-{n}7K" for n in range(100, 180))),
        ),
    ),
)


@pytest.fixture
def first_hit(opensearch_url, index, client):
    lines = []
    for product in PRODUCTS:
        lines += [{"index": {"_id": product.id}}, product_document(product)]
    answer = client.bulk(index=index, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer
    learn_catalogue(client, index)

    async def searched(text, *, codes=True):
        settings = PATIENT.model_copy(update={"codes": codes})
        understanding = QueryUnderstanding(create_chain(settings), CatalogueSource(client))
        searcher = Searcher(connect_async(SearchEngineSettings(url=opensearch_url)))
        try:
            retriever = Retriever(searcher, RetrievalSettings(deadline_ms=60_000), None)
            plan = await understanding.plan(index, text)
            response = await retriever.search(index, SearchRequest(plan=plan, size=5))
        finally:
            await searcher.close()
        return response.hits[0].product_id if response.hits else None

    return searched


async def test_what_has_the_code_stands_above_what_has_its_parts_in_the_title(first_hit):
    assert await first_hit("QX-4410Z", codes=False) == "alike"
    assert await first_hit("QX-4410Z") == "meant"


@pytest.mark.parametrize("typed", ["qx-4410z", "QX4410Z", "drum QX-4410Z"])
async def test_a_code_is_found_however_it_is_typed(first_hit, typed):
    assert await first_hit(typed) == "meant"


@pytest.mark.parametrize("typed", ["VX-1007K", "VX-1797K", "vx1797k"])
async def test_the_last_code_of_a_long_list_is_found_as_the_first_is(first_hit, typed):
    assert await first_hit(typed) == "listed"
