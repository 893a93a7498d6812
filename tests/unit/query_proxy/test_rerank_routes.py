"""`POST /v1/rerank`: what Cohere's and Jina's clients send, and what they read."""

import httpx
import pytest

from query_proxy.guards.access import Caller
from query_proxy.json_api.rerank_routes import RERANK_ROUTER, TextReranking
from query_proxy.json_api.shop_routes import shop_application
from reranker import CrossEncoderReranker
from reranker.testing import WordOverlapScorer
from search_core import RerankerOverloadedError, RerankerUnavailableError
from search_core.settings import RerankerSettings, Role

ASKED = {
    "model": "rerank-v3.5",
    "query": "red summer dress",
    "documents": ["toner", "a red summer dress", {"text": "a red dress", "sku": 7}],
}


async def post(body, *, scorer=None, roles=(Role.SEARCH,), seconds=None):
    reranker = None if scorer is None else CrossEncoderReranker(scorer, RerankerSettings())
    observed = [] if seconds is None else seconds
    reranking = TextReranking(
        reranker=reranker, timeout_seconds=5.0, observe_seconds=observed.append
    )
    application = shop_application([RERANK_ROUTER], [reranking], "1")

    async def called(scope, receive, send):
        scope["shopkeeper.caller"] = Caller(name="shop", roles=frozenset(roles))
        await application(scope, receive, send)

    transport = httpx.ASGITransport(app=called)
    async with httpx.AsyncClient(transport=transport, base_url="http://proxy") as client:
        return await client.post("/v1/rerank", json=body)


async def test_documents_come_back_best_first():
    seconds = []
    answer = await post(ASKED, scorer=WordOverlapScorer(), seconds=seconds)
    body = answer.json()
    assert answer.status_code == 200
    assert [each["index"] for each in body["results"]] == [1, 2, 0]
    scores = [each["relevance_score"] for each in body["results"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= each <= 1 for each in scores)
    assert body["model"] == "words@1"
    assert body["id"]
    assert body["usage"] == {"total_tokens": 3 + 1 + 4 + 3}
    assert body["meta"] == {"billed_units": {"search_units": 1}}
    assert "document" not in body["results"][0]
    assert len(seconds) == 1


async def test_the_best_are_returned_with_their_texts_where_that_is_asked():
    asked = ASKED | {"top_n": 1, "return_documents": True}
    body = (await post(asked, scorer=WordOverlapScorer())).json()
    assert [each["document"]["text"] for each in body["results"]] == ["a red summer dress"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"query": ""}, "query"),
        ({"documents": []}, "documents"),
        ({"documents": [{"title": "no text"}]}, "documents"),
        ({"top_n": 0}, "top_n"),
    ],
)
async def test_a_mistake_is_told_with_its_place(change, where):
    answer = await post(ASKED | change, scorer=WordOverlapScorer())
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "malformed_request"
    assert where in answer.json()["error"]["reason"]


async def test_without_a_reranker_the_client_is_told_what_to_set():
    answer = await post(ASKED)
    assert answer.status_code == 503
    assert answer.json()["error"]["type"] == "reranker_unavailable"
    assert "reranker.kind" in answer.json()["error"]["remedy"]


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (RerankerOverloadedError("the queue is full"), "reranker_overloaded"),
        (RerankerUnavailableError("no connection"), "reranker_unavailable"),
    ],
)
async def test_a_reranker_that_fails_is_no_empty_result(failure, code):
    scorer = WordOverlapScorer()
    scorer.failure = failure
    answer = await post(ASKED, scorer=scorer)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["error"]["type"] == code


async def test_who_may_not_search_may_not_rerank():
    answer = await post(ASKED, scorer=WordOverlapScorer(), roles=(Role.EVENTS,))
    assert answer.status_code == 403
