import httpx
import pytest

from evaluation import HttpSystem, JudgedQuery
from search_core import ConfigurationError, MeasuredSystemError

DRESS = JudgedQuery(text="red dress & shoes")
URL = "https://shop.example/search?q={query}&n={size}"


def system(handler, url=URL, path="hits[].id"):
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return HttpSystem(client, url, path)


def answering(body, status=200, asked=None):
    def handler(request):
        if asked is not None:
            asked.append(dict(request.url.params))
        return httpx.Response(status, json=body)

    return handler


async def test_ids_are_picked_out_of_the_answer():
    found = await system(answering({"hits": [{"id": "a"}, {"id": 7}]})).answer(DRESS, 100)
    assert found.product_ids == ("a", "7")


async def test_it_is_asked_deep_for_hits_and_then_for_a_page_to_take_its_time():
    asked = []
    found = await system(answering({"hits": []}, asked=asked)).answer(DRESS, 500)
    assert [each["n"] for each in asked] == ["500", "10"]
    assert {each["q"] for each in asked} == {"red dress & shoes"}
    assert found.latency_ms is not None


async def test_an_address_without_a_size_is_asked_once():
    asked = []
    url = "https://shop.example/search?q={query}"
    found = await system(answering({"hits": []}, asked=asked), url).answer(DRESS, 500)
    assert len(asked) == 1
    assert found.latency_ms is not None


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (answering({}, status=503), "503"),
        (answering({"hits": "none"}), "there is no list of ids"),
        (answering({"found": []}), "there is no list of ids"),
        (lambda request: httpx.Response(200, text="<html>"), "did not answer with JSON"),
        (lambda request: (_ for _ in ()).throw(httpx.ConnectError("refused")), "refused"),
    ],
)
async def test_an_answer_that_cannot_be_used_names_the_address(handler, message):
    with pytest.raises(MeasuredSystemError, match=message) as caught:
        await system(handler).answer(DRESS, 5)
    assert "shop.example" in str(caught.value)


async def test_filters_are_refused_rather_than_dropped():
    query = JudgedQuery(text="dress", filters=("brand=X",))
    with pytest.raises(MeasuredSystemError, match="has filters"):
        await system(answering({"hits": []})).answer(query, 5)


def test_an_address_needs_a_place_for_the_query():
    with pytest.raises(ConfigurationError, match="does not say where the query goes"):
        system(answering({}), "https://shop.example/search")


def test_a_path_has_to_be_jmespath():
    with pytest.raises(ConfigurationError, match="is no JMESPath"):
        system(answering({}), path="hits[")


def test_it_is_never_cached():
    assert system(answering({})).system("present").fingerprint is None
