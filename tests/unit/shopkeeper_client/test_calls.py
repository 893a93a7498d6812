"""What both clients send, and how answers are read."""

import httpx
import pytest

from shopkeeper_client import AsyncShopClient, ShopClient, ShopError


def answering(status, body, seen=None):
    def handle(request):
        if seen is not None:
            seen.append(request)
        return httpx.Response(status, json=body)

    return httpx.MockTransport(handle)


def test_only_what_is_set_is_sent():
    seen = []
    answer = {"hits": [], "total": 0, "page": 1, "size": 5, "generation": "g"}
    with ShopClient("http://shop", transport=answering(200, answer, seen)) as shop:
        shop.search("x", size=5, filter=["a=b"], collapse=False)
    assert seen[0].content == b'{"q":"x","filter":["a=b"],"size":5,"collapse":false}'


def test_ids_are_one_segment_of_the_path():
    seen = []
    answer = {"id": "a/b c", "method": "vector", "hits": []}
    with ShopClient("http://shop", key="k", transport=answering(200, answer, seen)) as shop:
        shop.similar("a/b c?")
    assert seen[0].url.raw_path == b"/shop/similar/a%2Fb%20c%3F"
    assert seen[0].headers["x-api-key"] == "k"


def test_reranked_texts_come_back_by_their_places():
    results = [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}]
    answer = {"id": "1", "model": "m", "results": results, "usage": {"total_tokens": 3}}
    with ShopClient("http://shop", transport=answering(200, answer)) as shop:
        assert [each.index for each in shop.rerank("q", ["a", "b"]).results] == [1, 0]


async def test_vectors_come_back_in_the_order_of_the_texts():
    data = [{"index": 1, "embedding": "AACAPw=="}, {"index": 0, "embedding": [0.5]}]
    transport = answering(200, {"data": data, "model": "m"})
    async with AsyncShopClient("http://shop", transport=transport) as shop:
        assert (await shop.embed(["a", "b"], model="m")).vectors == ((0.5,), (1.0,))


@pytest.mark.parametrize(
    ("status", "body", "code", "repeat"),
    [
        (
            429,
            {"error": {"type": "too_many_requests", "reason": "full"}},
            "too_many_requests",
            True,
        ),
        (400, {"error": {"type": "filter_error", "reason": "no"}}, "filter_error", False),
        (502, "<html>", "no_shop_error", True),
        (418, {"error": "text"}, "no_shop_error", False),
    ],
)
def test_answers_that_are_no_success_are_raised(status, body, code, repeat):
    with (
        ShopClient("http://shop", transport=answering(status, body)) as shop,
        pytest.raises(ShopError) as caught,
    ):
        shop.suggest("x")
    assert (caught.value.code, caught.value.may_be_repeated) == (code, repeat)
