"""A model has to win on judged queries of a real index before it may go live."""

import json
from dataclasses import replace

import pytest

from evaluation import JudgedQuery, Judgment, Judgments
from reranker.testing import write_word_model
from search_core import ConfigurationError, Product
from search_core.settings import SearchEngineSettings
from search_engine import IndexDescription, connect, index_body, product_document
from shopkeeper.reranker_gate import GateRequest, gate_reranker

WORDS = ("apple", "birch", "cedar", "daisy", "elder", "fern", "grass", "hazel", "iris", "juniper")


@pytest.fixture
def index(opensearch_url, unique_index_name):
    """For every word a toner, which is found first since its title is shorter, and a dress."""
    client = connect(SearchEngineSettings(url=opensearch_url))
    body = index_body(IndexDescription(languages=("en",), encoder=None), SearchEngineSettings())
    client.indices.create(index=unique_index_name, body=body)
    lines = []
    for word in WORDS:
        for product in (
            Product(id=f"toner-{word}", title=f"{word} toner"),
            Product(id=f"dress-{word}", title=f"red summer dress with a pattern of {word}"),
        ):
            lines += [{"index": {"_id": product.id}}, product_document(product, None)]
    answer = client.bulk(index=unique_index_name, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer
    yield unique_index_name
    client.close()


@pytest.fixture
def request_for(index, opensearch_url, tmp_path):
    """Makes a request that gates a model on judgments of which each dress is the best product."""
    config = tmp_path / "shop.toml"
    config.write_text(
        f'[search_engine]\nurl = "{opensearch_url}"\n'
        "[retrieval]\ndense = false\n"
        "[query_understanding]\nenabled = false\n"
        f'[reranker]\nrepository = "{tmp_path / "models"}"\n'
        "[evaluation]\ncache = false\nresamples = 999\n",
        encoding="utf-8",
    )
    judgments = Judgments.of(
        Judgment(query=JudgedQuery(text=word), product_id=f"{kind}-{word}", grade=grade)
        for word in WORDS
        for kind, grade in (("dress", 3), ("toner", 0))
    )

    def make(model, **changes):
        return GateRequest(
            exported=model,
            judgments=judgments,
            index=index,
            config=config,
            overrides=("reranker.weight=1",),
            **changes,
        )

    return make


def test_a_model_that_orders_better_passes_and_is_published(request_for, tmp_path):
    model = write_word_model(tmp_path / "better")
    outcome = gate_reranker(request_for(model, publish=True))
    assert outcome.result.verdict.passed
    assert outcome.published.version == 1
    assert (tmp_path / "models" / "cross_encoder" / "1" / "model.onnx").is_file()


def test_a_model_that_orders_no_better_stays_out(request_for, tmp_path):
    model = write_word_model(tmp_path / "worse", scale=-1.0)
    outcome = gate_reranker(request_for(model, publish=True))
    assert not outcome.result.verdict.passed
    assert outcome.published is None
    assert not (tmp_path / "models").exists()


def test_a_languages_model_is_judged_by_its_queries_alone_and_published_as_its_own(
    request_for, tmp_path
):
    model = write_word_model(tmp_path / "better", languages=["de"])
    request = request_for(model, publish=True, language="zh")
    with pytest.raises(ConfigurationError, match="none of the 10 judged queries is in the lang"):
        gate_reranker(request)
    chinese = JudgedQuery(text="cedar 裙")
    judged = Judgments.of(
        (*request.judgments, Judgment(query=chinese, product_id="dress-cedar", grade=3))
    )
    mixed = replace(request, judgments=judged, publish=False)
    unread = gate_reranker(mixed).result
    assert [query.text for query in unread.evaluations[0].queries] == ["cedar 裙"]
    assert "judged by the 1 queries of the language zh" in unread.notes
    assert unread.comparisons[0].measures[0].difference == 0
    reads = write_word_model(tmp_path / "reads", languages=["zh"])
    passed = gate_reranker(replace(mixed, exported=reads)).result
    assert passed.comparisons[0].measures[0].difference > 0


def test_queries_that_the_model_was_trained_on_do_not_count(request_for, tmp_path):
    model = write_word_model(tmp_path / "better")
    card = model / "model_card.json"
    card.write_text(json.dumps({"training": {"judged_queries": ["Apple", "birch"]}}))
    result = gate_reranker(request_for(model)).result
    measured = {query.text for query in result.evaluations[0].queries}
    assert measured == set(WORDS) - {"apple", "birch"}
    assert any("2 judged queries were left out" in note for note in result.notes)


def test_a_model_that_was_trained_on_everything_cannot_be_measured(request_for, tmp_path):
    model = write_word_model(tmp_path / "better")
    card = model / "model_card.json"
    card.write_text(json.dumps({"training": {"judged_queries": WORDS}}))
    with pytest.raises(ConfigurationError, match="trained on every judged query"):
        gate_reranker(request_for(model))
