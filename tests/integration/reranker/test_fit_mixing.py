"""A mixing learned on a real index: proven, written, and served with its explanation."""

import asyncio

import pytest

from evaluation import JudgedQuery, Judgment, Judgments
from reranker.mixing import read_mixing_model, write_mixing_model
from reranker.testing import write_word_model
from retrieval import SearchRequest
from search_core import QueryPlan, RerankerTrainingError, SilentProgress
from search_core.settings import SearchEngineSettings
from search_engine import connect
from shopkeeper.composition import open_retriever
from shopkeeper.configuration import load_settings
from shopkeeper.mixing_session import FitRequest, MixingMethod, fit_mixing
from tests.integration.reranker.dresses_and_cases import WORDS, judged, write_index

JUDGMENTS = Judgments.of(
    Judgment(query=JudgedQuery(text=word), product_id=product_id, grade=grade)
    for word, product_id, grade in judged({"dress": 3, "case": 0})
)


@pytest.fixture
def index(opensearch_url, unique_index_name):
    client = connect(SearchEngineSettings(url=opensearch_url))
    write_index(client, unique_index_name)
    yield unique_index_name
    client.close()


@pytest.fixture
def settings_with(opensearch_url):
    def make(**changes):
        return load_settings(
            None,
            {
                "search_engine.url": opensearch_url,
                "retrieval.dense": "false",
                "query_understanding.enabled": "false",
                "evaluation.resamples": "999",
                **changes,
            },
        )

    return make


def fit(index, settings, **changes):
    request = FitRequest(**{"judgments": JUDGMENTS, "index": index, "unjudged": 0.0, **changes})
    return fit_mixing(request, settings, SilentProgress())


async def hits(index, settings):
    async with open_retriever(settings) as retriever:
        request = SearchRequest(plan=QueryPlan.plain("fern"), explain=True)
        return (await retriever.search(index, request)).hits


def test_a_mixing_that_wins_on_held_out_queries_is_served_as_it_was_measured(
    index, settings_with, tmp_path
):
    session = fit(index, settings_with())
    assert session.outcome.is_better
    assert session.outcome.held_out.deciding.candidate_mean == pytest.approx(1.0)
    assert session.unread == 0
    path = tmp_path / "mixing.json"
    write_mixing_model(session.model, path)
    read = read_mixing_model(path)
    assert read.learned_under["retrieval.fusion.method"] == "reciprocal_rank"
    assert read.learned_under["retrieval.dense"] is False
    assert read.encoder == ""  # the index has no vectors

    before = asyncio.run(hits(index, settings_with()))
    after = asyncio.run(hits(index, settings_with(**{"reranker.mixing_model": str(path)})))
    assert [hit.product_id[:4] for hit in before[:3]] == ["case"] * 3
    assert [hit.product_id[:4] for hit in after[:3]] == ["dres"] * 3
    first = after[0]
    assert first.rerank_score is None
    assert first.mixed.learned
    assert first.mixed.value == pytest.approx(sum(part.value for part in first.mixed.parts))
    assert {part.leg for part in first.mixed.parts} == set(read_mixing_model(path).features)
    assert any("as the learned mixing weighs them" in line for line in first.explanation)


def test_logits_are_looked_at_where_there_is_a_cross_encoder(index, settings_with, tmp_path):
    reads = settings_with(
        **{
            "reranker.kind": "onnx",
            "reranker.cross_encoder": str(write_word_model(tmp_path / "words")),
        }
    )
    session = fit(index, reads)
    assert session.model.reads
    assert session.model.cross_encoder.startswith("words@")
    assert session.outcome.is_better


def test_trees_learn_it_too(index, settings_with):
    pytest.importorskip("lightgbm", reason="needs the extra ltr")
    session = fit(index, settings_with(), method=MixingMethod.TREES)
    assert session.outcome.held_out.deciding.difference >= 0
    assert session.outcome.chosen is None or session.model.trees


def test_windows_in_another_language_than_the_models_teach_nothing(index, settings_with, tmp_path):
    model = write_word_model(tmp_path / "words", languages=["en"])
    reads = settings_with(**{"reranker.kind": "onnx", "reranker.cross_encoder": str(model)})
    chinese = Judgments.of(
        Judgment(query=JudgedQuery(text=f"{word} 裙"), product_id=f"dress-{word}-0", grade=3)
        for word in WORDS
    )
    with pytest.raises(RerankerTrainingError, match="nothing to learn from"):
        fit(index, reads, judgments=chinese)
