"""`POST /v1/rerank` and `/v2/rerank` over a real socket, scored by ONNX Runtime."""

import socket
import threading
from contextlib import asynccontextmanager, contextmanager

import pytest
import requests
import uvicorn

from query_proxy import Backing, ProxyApplication
from reranker import create_reranker
from reranker.testing import write_word_model
from retrieval import Retriever, WindowReranking
from search_core.settings import Settings
from search_engine import Searcher, connect_async

ASKED = {
    "model": "any",
    "query": "dress",
    "documents": ["black toner", "a red summer dress", "a dress"],
    "return_documents": True,
}


@contextmanager
def serving(settings):
    """Serve in a thread while the block runs; yields the address."""

    @asynccontextmanager
    async def open_retriever():
        searcher = Searcher(connect_async(settings.search_engine))
        reranker = create_reranker(settings.reranker, store=None)
        reranking = WindowReranking(reranker, settings.reranker)
        try:
            yield Retriever(searcher, settings.retrieval, None, reranking=reranking)
        finally:
            await reranker.close()
            await searcher.close()

    application = ProxyApplication(Backing(settings=settings, open_retriever=open_retriever))
    server = uvicorn.Server(
        uvicorn.Config(application, host="127.0.0.1", port=0, lifespan="on", log_config=None)
    )
    started = threading.Event()
    startup = server.startup

    async def announced(sockets=None):
        await startup(sockets=sockets)
        started.set()

    server.startup = announced
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(30)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture
def settings_for(opensearch_url, tmp_path):
    model = write_word_model(tmp_path / "words", languages=("en",))

    def make(**proxy):
        return Settings.model_validate(
            {
                "search_engine": {"url": opensearch_url},
                "reranker": {"kind": "onnx", "cross_encoder": str(model), "timeout_ms": 10_000},
                "query_proxy": {"indices": ["no-such-index"], **proxy},
            }
        )

    return make


def test_texts_come_back_in_the_models_order_and_are_timed(settings_for):
    with serving(settings_for()) as url:
        body = requests.post(f"{url}/v1/rerank", json=ASKED, timeout=30).json()
        metrics = requests.get(f"{url}/shop/metrics", timeout=30).text
        document = requests.get(f"{url}/shop/openapi.json", timeout=30).json()
    assert [each["document"]["text"] for each in body["results"]] == [
        "a red summer dress", "a dress", "black toner",
    ]  # fmt: skip
    assert body["model"].startswith("words@")
    assert 'shopkeeper_proxy_search_step_seconds_count{step="rerank_texts"} 1.0' in metrics
    assert "post" in document["paths"]["/v1/rerank"]


def test_each_language_is_scored_by_its_model_and_operators_see_them(settings_for, tmp_path):
    chinese = write_word_model(tmp_path / "chinese", languages=("zh",))
    settings = settings_for()
    models = {"zh": {"cross_encoder": str(chinese)}, "ja": {"cross_encoder": "gone"}}
    section = settings.reranker.model_validate({**settings.reranker.model_dump(), "models": models})
    with serving(settings.model_copy(update={"reranker": section})) as url:

        def model_of(query):
            answer = requests.post(f"{url}/v1/rerank", json=ASKED | {"query": query}, timeout=30)
            return answer.json().get("model", "").partition("@")[0]

        assert [model_of("dress"), model_of("连衣裙"), model_of("ドレス")] == [
            "words", "chinese", "",
        ]  # fmt: skip
        status = requests.get(f"{url}/shop/status", timeout=30).json()
    models = status["reranking"]["models"]
    assert [(each["language"], each["reads"]) for each in models] == [
        (None, ["en"]), ("zh", ["zh"]), ("ja", []),
    ]  # fmt: skip
    assert models[1]["model"].startswith("chinese@")
    assert models[2]["model"] is None
    assert set(status["circuits"]) == {"opensearch", "reranker", "reranker_zh", "reranker_ja"}
    assert status["warnings"] == []


def test_a_language_that_the_model_does_not_read_is_refused_with_a_reason(settings_for):
    with serving(settings_for()) as url:
        answer = requests.post(f"{url}/v1/rerank", json=ASKED | {"query": "连衣裙"}, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "reranker_language"
    assert "not the query's language" in answer.json()["error"]["reason"]


def test_searches_whose_triton_is_gone_do_not_tell_where_it_was(opensearch_url, index):
    with socket.create_server(("127.0.0.1", 0)) as free:
        triton = f"127.0.0.1:{free.getsockname()[1]}"
    settings = Settings.model_validate(
        {
            "search_engine": {"url": opensearch_url},
            "reranker": {"kind": "triton", "url": triton},
            "query_proxy": {"indices": [index]},
        }
    )
    body = {"query": {"match": {"title": "case"}}, "ext": {"shopkeeper": {"explain": True}}}
    with serving(settings) as url:
        taken_over = requests.post(f"{url}/{index}/_search", json=body, timeout=30)
        own = requests.get(f"{url}/shop/search", params={"q": "case"}, timeout=30).json()
    (in_body,) = taken_over.json()["ext"]["shopkeeper"]["degraded"]
    (in_own,) = own["degraded"]
    for told in (taken_over.headers["x-shopkeeper-degraded"], in_body, in_own):
        assert told == "without reranker: the model cross_encoder of Triton does not answer"


def test_a_body_over_the_limit_is_refused(settings_for):
    with serving(settings_for(max_body_bytes=1_000)) as url:
        asked = ASKED | {"documents": ["dress " * 500]}
        answer = requests.post(f"{url}/v1/rerank", json=asked, timeout=30)
    assert answer.status_code == 413


def test_without_a_key_nothing_is_scored(settings_for):
    callers = {"shop": {"key": "k" * 32, "roles": ["search"]}}
    with serving(settings_for(callers=callers)) as url:
        refused = requests.post(f"{url}/v1/rerank", json=ASKED, timeout=30)
        headers = {"authorization": f"ApiKey {'k' * 32}"}
        served = requests.post(f"{url}/v1/rerank", json=ASKED, headers=headers, timeout=30)
    assert refused.status_code == 401
    assert served.status_code == 200


@pytest.mark.parametrize("path", ["/v1/rerank", "/v2/rerank"])
def test_a_request_as_coheres_and_jinas_clients_send_it_is_answered(settings_for, path):
    callers = {"shop": {"key": "k" * 32, "roles": ["search"]}}
    # What cohere 5.21 (ClientV2), langchain-cohere 0.6 and llama-index's JinaRerank 0.6 send.
    headers = {"authorization": f"Bearer {'k' * 32}", "x-client-name": "shop"}
    asked = {"model": "rerank-v3.5", "query": "dress", "documents": ASKED["documents"], "top_n": 2}
    with serving(settings_for(callers=callers)) as url:
        answer = requests.post(f"{url}{path}", json=asked, headers=headers, timeout=30)
        wrong = {"authorization": "Bearer wrong"}
        refused = requests.post(f"{url}{path}", json=asked, headers=wrong, timeout=30)
    assert refused.status_code == 401
    assert answer.status_code == 200
    assert [each["index"] for each in answer.json()["results"]] == [1, 2]
