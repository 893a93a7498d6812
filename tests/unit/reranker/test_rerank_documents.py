import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reranker import CrossEncoderReranker, NoopReranker, RerankRequest, rerank_documents
from reranker.rerank_documents import logistic
from reranker.testing import WordOverlapScorer
from search_core import (
    RerankerLanguageError,
    RerankerOverloadedError,
    RerankerUnavailableError,
)
from search_core.settings import RerankerSettings


def request(documents=("toner", "a red dress", "red"), **fields):
    return RerankRequest.model_validate(
        {"query": "red dress", "documents": list(documents), **fields}
    )


async def answer(asked, scorer=None):
    reranker = CrossEncoderReranker(scorer or WordOverlapScorer(), RerankerSettings())
    return await rerank_documents(reranker, asked, timeout_seconds=1.0)


async def test_results_are_best_first_with_their_place_in_the_request():
    results = (await answer(request())).results
    assert [each.index for each in results] == [1, 2, 0]
    assert [each.relevance_score for each in results] == pytest.approx(
        [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(-1)), 0.5]
    )


async def test_equal_documents_keep_the_order_of_the_request():
    results = (await answer(request(["red", "toner", "red"]))).results
    assert [each.index for each in results] == [0, 2, 1]


async def test_only_so_many_results_are_given_as_are_wanted():
    assert len((await answer(request(top_n=2))).results) == 2
    assert len((await answer(request(top_n=99))).results) == 3


async def test_the_body_is_what_clients_read():
    body = (await answer(request(["red"], return_documents=True, model="any"))).as_json()
    assert body == {
        "model": "words@1",
        "results": [
            {
                "index": 0,
                "relevance_score": pytest.approx(1 / (1 + math.exp(-1))),
                "document": {"text": "red"},
            }
        ],
    }


async def test_texts_are_left_out_unless_asked_for():
    (result,) = (await answer(request(["red"]))).as_json()["results"]
    assert set(result) == {"index", "relevance_score"}


def test_documents_may_be_objects():
    assert request([{"text": "red"}, "toner"]).documents == ("red", "toner")


def test_of_objects_the_named_fields_are_read():
    asked = request([{"title": "dress", "colour": "red", "id": 7}], rank_fields=["colour", "title"])
    assert asked.documents == ("red dress",)


def test_what_a_vendor_adds_is_ignored():
    assert request(max_chunks_per_doc=10, truncation=True).top_n is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"documents": []}, "at least 1"),
        ({"documents": [7]}, r"documents\[0\] is neither a text nor an object with `text`"),
        ({"documents": [{"title": "a"}]}, r"documents\[0\] is neither"),
        ({"documents": ["a" * 100_001]}, "more than 100000 characters"),
        ({"documents": "red"}, "documents"),
        ({"query": ""}, "at least 1 character"),
        ({"top_n": 0}, "greater than or equal to 1"),
    ],
)
def test_a_request_that_makes_no_sense_says_why(fields, message):
    with pytest.raises(ValidationError, match=message):
        RerankRequest.model_validate({"query": "red", "documents": ["a"], **fields})


async def test_without_a_reranker_it_fails():
    with pytest.raises(RerankerUnavailableError, match="no reranker is set"):
        await rerank_documents(NoopReranker(), request(), timeout_seconds=1.0)


async def test_a_language_that_no_model_reads_is_told_as_the_askers_matter():
    scorer = WordOverlapScorer(languages=["en"])
    for change in ({"query": "红色连衣裙"}, {"documents": ["日式拉面碗"]}):
        with pytest.raises(RerankerLanguageError, match="the reranker reads en, not") as caught:
            await answer(request(**change), scorer)
        assert "[reranker.models]" in caught.value.remedy


async def test_a_full_reranker_is_told_from_a_dead_one():
    scorer = WordOverlapScorer()
    scorer.failure = RerankerOverloadedError("full")
    with pytest.raises(RerankerOverloadedError, match="full"):
        await answer(request(), scorer)
    scorer.failure = RerankerUnavailableError("dead")
    with pytest.raises(RerankerUnavailableError, match="dead"):
        await answer(request(), scorer)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_logistic_function_stays_between_0_and_1(logit):
    assert 0.0 <= logistic(logit) <= 1.0
    assert logistic(logit) + logistic(-logit) == pytest.approx(1.0)
