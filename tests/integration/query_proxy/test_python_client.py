"""The Python client against a real proxy: both kinds, every call."""

import inspect

import numpy as np
import pytest

from encoders.testing import HashingTextEncoder
from query_understanding import learn_suggestions
from search_core.settings import EventSettings, SearchEngineSettings, SuggestionSettings
from search_engine import connect
from shopkeeper_client import AsyncShopClient, ShopClient, ShopError, ShopUnreachableError


@pytest.fixture
def served(start_proxy, index, opensearch_url):
    events = EventSettings(
        queries_index=f"{index}-ubi-queries", events_index=f"{index}-ubi-events", replicas=0
    )
    client = connect(SearchEngineSettings(url=opensearch_url))
    learn_suggestions(client, index, SuggestionSettings(), events)
    client.close()
    with start_proxy(indices=(index,), sections={"events": events}) as url:
        yield url


def test_a_search_comes_back_typed(served):
    with ShopClient(served) as shop:
        result = shop.search(
            "novaphone 12 case red", filter=["price<20"], facet=["brand"], size=3, explain=True
        )
    assert result.hits[0].id == "case-12-red"
    assert result.hits[0].product["title"] == "Case for Novaphone 12 red"
    assert result.hits[0].explanation
    assert (len(result.hits), result.page, result.size) == (3, 1, 3)
    assert result.facets[0].field == "brand"
    assert result.query_id is None


def test_a_kept_search_and_its_events_go_together(served):
    with ShopClient(served) as shop:
        query_id = shop.search("case", client_id="anna").query_id
        taken = shop.send_events([{"action_name": "click", "query_id": query_id}, {}])
    assert query_id is not None
    assert taken.accepted == 1
    assert [(each.place, each.type) for each in taken.refused] == [(1, "malformed_request")]


def test_warnings_and_times_are_read(served):
    with ShopClient(served) as shop:
        result = shop.search("case", filter=["colr=red"])
        similar = shop.similar("phone-12", filter=["colr=red"])
        suggested = shop.suggest("novaph")
        told = shop.explain("case", "case-12-red", filter=["colr=red"])
    for answer in (result, similar, told):
        (warning,) = answer.warnings
        assert (warning.type, warning.name) == ("unknown_attribute", "colr")
        assert "colr" in warning.reason
    assert result.timings_ms["total"] == result.took_ms
    assert all(each.took_ms > 0 for each in (result, similar, suggested))


def test_suggestions_similar_products_explanations_and_vectors(served):
    with ShopClient(served) as shop:
        suggested = shop.suggest("novaph", products=2)
        similar = shop.similar("phone-12", size=3)
        told = shop.explain("novaphone 12 case red", "case-12-red")
        vectors = shop.embed(["red case"], model="hashing-for-tests").vectors
    assert suggested.suggestions[0].text == "Novaphone"
    assert len(suggested.products) == 2
    assert similar.method == "vector"
    assert len(similar.hits) == 3
    assert told.found
    assert told.rank == 1
    np.testing.assert_array_equal(vectors[0], HashingTextEncoder().encode_query("red case"))


async def test_the_asynchronous_client_asks_the_same(served):
    async with AsyncShopClient(served) as shop:
        result = await shop.search("novaphone 12 case red", client_id="anna")
        suggested = await shop.suggest("novaph")
        similar = await shop.similar("phone-12")
        told = await shop.explain("case", "case-12-red")
        taken = await shop.send_events([{"action_name": "click", "query_id": result.query_id}])
        vectors = await shop.embed(["a", "b"], model="hashing-for-tests", input_type="query")
    assert result.hits[0].id == "case-12-red"
    assert suggested.suggestions
    assert similar.hits
    assert told.id == "case-12-red"
    assert taken.accepted == 1
    assert len(vectors.vectors) == 2


def test_errors_carry_the_code_and_remedy_of_the_proxy(served):
    with ShopClient(served) as shop, pytest.raises(ShopError) as caught:
        shop.similar("no/such thing?")
    error = caught.value
    assert (error.status, error.code) == (404, "product_not_found")
    assert "'no/such thing?'" in error.reason
    assert error.remedy
    assert not error.may_be_repeated


def test_without_a_reranker_reranking_says_so(served):
    with ShopClient(served) as shop, pytest.raises(ShopError) as caught:
        shop.rerank("red case", ["a red case", "a cable"], top_n=1)
    assert (caught.value.status, caught.value.code) == (503, "reranker_unavailable")
    assert caught.value.may_be_repeated


def test_a_key_is_shown(start_proxy, index):
    callers = {"shop": {"key": "shop-key-0123456789"}}
    with start_proxy(indices=(index,), callers=callers) as url:
        with ShopClient(url, key="shop-key-0123456789") as shop:
            assert shop.search("case").total
        with ShopClient(url) as stranger, pytest.raises(ShopError, match="no valid key"):
            stranger.search("case")


def test_an_address_without_a_proxy_is_told():
    with ShopClient("http://127.0.0.1:9") as shop, pytest.raises(ShopUnreachableError):
        shop.search("case")


def test_an_answer_of_something_else_is_told(opensearch_url):
    with ShopClient(opensearch_url) as shop, pytest.raises(ShopError) as caught:
        shop.suggest("x")
    assert caught.value.status >= 400


def test_both_clients_have_the_same_calls():
    def calls(client):
        return {
            name: [
                (each.name, each.default) for each in inspect.signature(call).parameters.values()
            ]
            for name, call in vars(client).items()
            if inspect.isfunction(call) and not name.startswith("_")
        }

    assert calls(ShopClient) == calls(AsyncShopClient)
