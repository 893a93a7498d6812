"""Queries in other words, from a real HTTP server that speaks OpenAI's protocol."""

import json

import pytest

from language_models import create_language_model
from language_models.testing import CompletionServer, Reply
from reranker.training import BackTranslation, TrainingGroup, back_translated
from search_core.settings import LlmSettings

WORDS = {"sofa": ("canapé", "couch"), "toner": ("toner", "toner"), "dress": ("robe", "")}


def translate(request):
    asked = json.loads(request.texts[-1])
    translation, back = WORDS[asked["query"]]
    return Reply(text=json.dumps({"translation": translation, "back": back}))


def group(query):
    return TrainingGroup(
        query=query, passages=("a", "b"), targets=(1.0, 0.0), family=f"family of {query}",
        source="kind",
    )  # fmt: skip


@pytest.fixture
def make(tmp_path):
    def make(server):
        settings = LlmSettings(base_url=server.base_url, model="tiny", retries=0)
        return create_language_model(settings, tmp_path)

    return make


def wanted(**changes):
    return BackTranslation(**{"languages": ("fr",), "share": 1.0, **changes})


def test_another_word_for_the_same_is_learned_with_the_same_products(make):
    with CompletionServer(by=translate) as server, make(server) as model:
        came = back_translated([group("sofa")], model, wanted())
    (added,) = came.groups
    assert (added.query, added.family, added.source) == (
        "couch", "family of sofa", "back_translation",
    )  # fmt: skip
    assert (added.passages, added.targets) == (("a", "b"), (1.0, 0.0))
    assert json.loads(server.requests[0].texts[-1]) == {"query": "sofa", "language": "fr"}


def test_the_query_itself_and_nothing_are_not_added(make):
    with CompletionServer(by=translate) as server, make(server) as model:
        came = back_translated([group("toner"), group("dress")], model, wanted())
    assert (came.groups, came.asked, came.unanswered) == ((), 2, 0)


def test_a_translation_into_a_language_of_the_catalogue_is_a_query_too(make):
    with CompletionServer(by=translate) as server, make(server) as model:
        came = back_translated(
            [group("sofa"), group("dress")], model, wanted(keep_translations=("fr", "en"))
        )
    assert [each.query for each in came.groups] == ["couch", "canapé", "robe"]


def test_what_was_answered_is_not_asked_again(make):
    with CompletionServer(by=translate) as server:
        for _ in range(2):
            with make(server) as model:
                back_translated([group("sofa")], model, wanted())
    assert len(server.requests) == 1


def test_a_request_that_fails_costs_its_query_alone(make):
    def by(request):
        return Reply(status=500, body="{}") if "dress" in request.texts[-1] else translate(request)

    with CompletionServer(by=by) as server, make(server) as model:
        came = back_translated([group("dress"), group("sofa")], model, wanted())
    assert [each.query for each in came.groups] == ["couch"]
    assert (came.asked, came.unanswered) == (2, 1)


def test_the_share_decides_how_many_are_asked(make):
    groups = [group("sofa") for _ in range(200)]
    with CompletionServer(by=translate) as server, make(server) as model:
        came = back_translated(groups, model, wanted(share=0.3, seed=3))
    assert 40 <= came.asked <= 80
