import gzip
import logging

import orjson
import pytest

import search_core
from query_proxy.error_responses import (
    _STATUS,
    JsonAnswer,
    error_answer,
    error_body,
    http_status,
    log_refusal,
    told_failure,
)
from search_core import (
    ArtifactError,
    CatalogError,
    ConfigurationError,
    EvaluationError,
    IndexingError,
    LocalStackError,
    RerankerError,
    RerankerUnavailableError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
    ShopkeeperError,
    TooManyRequestsError,
)

# They come from commands that no request runs: were one to reach a client, it would be our mistake.
_NOT_FROM_REQUESTS = (
    ArtifactError,
    CatalogError,
    ConfigurationError,
    EvaluationError,
    IndexingError,
    LocalStackError,
)


def every_error():
    found, waiting = [], [ShopkeeperError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return [kind for kind in found if kind.__module__.startswith(search_core.errors.__name__)]


def test_every_error_of_a_request_has_its_status():
    listed = tuple(kind for kind, _ in _STATUS)
    known = (*listed, *_NOT_FROM_REQUESTS)
    unlisted = [kind.__name__ for kind in every_error() if not issubclass(kind, known)]
    assert unlisted == ["ShopkeeperError"]


def test_no_entry_is_hidden_by_a_wider_one_before_it():
    kinds = [kind for kind, _ in _STATUS]
    for place, kind in enumerate(kinds):
        assert not any(issubclass(kind, earlier) for earlier in kinds[:place]), kind


def test_an_error_has_opensearchs_shape():
    error = TooManyRequestsError("full", remedy="wait")
    cause = {"type": "too_many_requests", "reason": "full", "remedy": "wait"}
    assert error_body(error) == {"error": {"root_cause": [cause], **cause}, "status": 429}
    assert (b"retry-after", b"1") in error_answer(error).headers


def test_our_own_mistakes_are_500():
    assert http_status(ConfigurationError("x")) == 500


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "the model m of Triton at 10.0.0.8:8001 does not answer: no way to 10.0.0.8",
            "the model m of Triton does not answer",
        ),
        (
            "the queue of the model m of Triton at 10.0.0.8:8001 is full",
            "the queue of the model m of Triton is full",
        ),
        (
            "Triton at 10.0.0.8:8001 did not answer within 800 ms",
            "Triton did not answer within 800 ms",
        ),
    ],
)
def test_clients_are_not_told_where_triton_is(message, told):
    error = error_body(RerankerUnavailableError(message, remedy="`shopkeeper up --triton`"))[
        "error"
    ]
    assert error["reason"] == told
    assert "shopkeeper up" not in error["remedy"]


def test_what_a_search_did_without_is_told_without_tritons_address():
    lost = "without reranker: the model m of Triton at 10.0.0.8:8001 does not answer: 10.0.0.8 gone"
    assert told_failure(lost) == "without reranker: the model m of Triton does not answer"
    routed = (
        "without reranker: Triton at 10.0.0.8:8001 did not answer within 8 ms (reranker.models.zh)"
    )
    assert told_failure(routed) == (
        "without reranker: Triton did not answer within 8 ms (reranker.models.zh)"
    )
    assert told_failure("without dense: no such field: v") == "without dense: no such field: v"


def test_what_a_search_did_without_is_told_without_the_models_folder():
    lost = (
        "without reranker: the cross-encoder of zh does not load: /srv/models/zh has no model.onnx "
        "(reranker.models.zh)"
    )
    assert told_failure(lost) == "without reranker: the cross-encoder of zh does not load"


def test_what_a_reranker_says_without_an_address_is_told_whole():
    error = error_body(RerankerError("no reranker is set", remedy="set reranker.kind"))["error"]
    assert (error["reason"], error["remedy"]) == ("no reranker is set", "set reranker.kind")


def test_clients_are_not_told_where_opensearch_is():
    told = "OpenSearch cannot be reached: HTTPConnection(host='10.0.0.7', port=9200)"
    body = error_body(SearchEngineUnavailableError(told, remedy="`search_engine.url` names it"))
    assert "10.0.0.7" not in str(body)
    assert "search_engine.url" not in str(body)
    assert body["error"]["reason"] == "OpenSearch cannot be reached"
    assert body["error"]["type"] == "search_engine_unavailable"
    failed = "OpenSearch failed (500): [stored_fields] cannot be disabled"
    assert error_body(SearchEngineUnavailableError(failed))["error"]["reason"] == failed


def test_clients_are_not_told_where_an_opensearch_is_that_is_late():
    told = "OpenSearch did not answer in time: Connection timeout to host http://10.0.0.7:9200/"
    body = error_body(SearchEngineTimeoutError(told))
    assert body["error"]["reason"] == "OpenSearch did not answer in time"
    left = "OpenSearch did not answer within the 90 ms left"
    assert error_body(SearchEngineTimeoutError(left))["error"]["reason"] == left


def test_what_a_client_is_not_told_is_logged_by_default(caplog):
    logger = logging.getLogger("query_proxy")
    with caplog.at_level(logging.WARNING):
        log_refusal(logger, "refused", TooManyRequestsError("full"))
        log_refusal(
            logger,
            "refused",
            SearchEngineUnavailableError("OpenSearch cannot be reached: 10.0.0.7"),
        )
    assert [each.message for each in caplog.records] == [
        "refused code=search_engine_unavailable: OpenSearch cannot be reached: 10.0.0.7"
    ]


async def sent(answer):
    messages = []

    async def send(message):
        messages.append(message)

    await answer.send(send)
    return dict(messages[0]["headers"]), messages[1]["body"]


@pytest.mark.parametrize("length", [2_000, 200_000])
async def test_a_long_answer_is_compressed_for_a_client_that_reads_it(length):
    headers, body = await sent(JsonAnswer(status=200, body={"a": "b" * length}, zipped=True))
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"vary"] == b"accept-encoding"
    assert headers[b"content-length"] == str(len(body)).encode()
    assert orjson.loads(gzip.decompress(body)) == {"a": "b" * length}


@pytest.mark.parametrize(("length", "zipped"), [(2_000, False), (100, True)])
async def test_other_answers_are_sent_as_they_are(length, zipped):
    headers, body = await sent(JsonAnswer(status=200, body={"a": "b" * length}, zipped=zipped))
    assert b"content-encoding" not in headers
    assert orjson.loads(body) == {"a": "b" * length}
