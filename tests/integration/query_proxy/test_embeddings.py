"""`/v1/embeddings` in the shape of OpenAI's API."""

import base64
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import requests

from encoders.testing import HashingTextEncoder

ENCODER = HashingTextEncoder()
MODEL = "hashing-for-tests"


def post(url, **body):
    return requests.post(f"{url}/v1/embeddings", json=body, timeout=30)


def test_texts_come_back_as_vectors_in_their_order(proxy):
    answer = post(proxy, input=["red case", "blue case"], model=MODEL).json()
    assert answer["object"] == "list"
    assert [each["index"] for each in answer["data"]] == [0, 1]
    vectors = np.array([each["embedding"] for each in answer["data"]], np.float32)
    expected = ENCODER.encode_passages(["red case", "blue case"])
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert answer["usage"] == {"prompt_tokens": 4, "total_tokens": 4}
    assert answer["model"] == ENCODER.identity.model_id


def test_one_text_may_come_alone_and_vectors_as_base64(proxy):
    answer = post(proxy, input="red case", model=MODEL, encoding_format="base64").json()
    vector = np.frombuffer(base64.b64decode(answer["data"][0]["embedding"]), "<f4")
    np.testing.assert_array_equal(vector, ENCODER.encode_query("red case"))


def test_a_model_is_named_by_its_index_or_itself_whole_or_in_short(proxy, index):
    listed = requests.get(f"{proxy}/v1/models", timeout=30).json()
    assert [each["owned_by"] for each in listed["data"]] == [index]
    for name in (index, MODEL, listed["data"][0]["id"]):
        assert post(proxy, input="x", model=name, input_type="query").status_code == 200


@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        ({"input": "x", "model": "gpt"}, "malformed_request", "model: there is no 'gpt' here"),
        ({"input": "x"}, "malformed_request", "model: "),
        ({"input": "", "model": MODEL}, "malformed_request", "input"),
        ({"input": [], "model": MODEL}, "malformed_request", "input"),
        ({"input": ["x"] * 257, "model": MODEL}, "malformed_request", "input"),
        ({"input": [1, 2], "model": MODEL}, "malformed_request", "input"),
        ({"input": "x", "model": MODEL, "dimensions": 8}, "malformed_request", "dimensions: "),
        ({"input": ["x" * 20_000] * 21, "model": MODEL}, "limit_exceeded", "the texts have more"),
    ],
)
def test_mistakes_are_told(proxy, body, code, reason):
    answer = post(proxy, **body)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == code
    assert answer.json()["error"]["reason"].startswith(reason)


def test_requests_at_once_are_encoded_one_after_the_other(proxy):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: post(proxy, input=f"text {n}", model=MODEL), range(16)))
    assert {each.status_code for each in answers} == {200}


def test_vectors_need_the_role_of_searches(start_proxy, index):
    callers = {"shop": {"key": "shop-key-0123456789", "roles": ("events",)}}
    with start_proxy(indices=(index,), callers=callers) as url:
        unknown = post(url, input="x", model=MODEL)
        known = requests.post(
            f"{url}/v1/embeddings",
            json={"input": "x", "model": MODEL},
            headers={"x-api-key": "shop-key-0123456789"},
            timeout=30,
        )
    assert (unknown.status_code, known.status_code) == (401, 403)
