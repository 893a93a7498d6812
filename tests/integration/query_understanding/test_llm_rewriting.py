"""A query that the shop has no words for, with a server that speaks the protocol of models."""

import json
import time

import pytest

from language_models.testing import CompletionServer, Reply
from query_understanding import learn_catalogue
from shopkeeper.composition import query_understanding
from shopkeeper.configuration import load_settings


@pytest.fixture
def server():
    reply = Reply(text=json.dumps({"wordings": ["headset"]}))
    with CompletionServer(reply) as running:
        yield running


async def test_the_next_search_of_a_kind_has_the_models_wording(
    opensearch_url, index, client, server, tmp_path
):
    learn_catalogue(client, index)
    settings = load_settings(
        None,
        {
            "search_engine.url": opensearch_url,
            "llm.base_url": server.base_url,
            "llm.model": "tiny",
            "local_stack.cache_dir": str(tmp_path),
            "query_understanding.llm": "true",
            "query_understanding.budget_ms": "60000",
            "query_understanding.unit_budget_ms": "60000",
        },
    )
    understanding = query_understanding(settings)
    first = await understanding.plan(index, "zzearpiece")
    assert first.variants == ()
    until = time.monotonic() + 30
    plan = first
    while not plan.variants and time.monotonic() < until:
        plan = await understanding.plan(index, "zzearpiece")
    understanding.close()
    assert plan.variants == ("headset",)
    assert plan.text == "zzearpiece"
    assert len(server.requests) == 1
