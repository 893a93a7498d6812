import json

import pytest
from shop import CATALOGUE, NOTHING_KNOWN, rewritten

from query_understanding.llm_rewriter import LlmRewriter, RewrittenQuery


class Model:
    """Remembers what it is given, and writes down what it is asked."""

    identity = "written-down"

    def __init__(self, *wordings):
        self._answer = RewrittenQuery(wordings=list(wordings)) if wordings else None
        self.asked = []

    def remembered(self, request):
        self.asked.append(("remembered", json.loads(request.content)))
        return self._answer

    def answer_later(self, request):
        self.asked.append(("later", json.loads(request.content)))
        return True


def test_a_query_with_a_word_that_no_product_has_is_asked_about_and_searched_as_it_is():
    model = Model()
    plan = rewritten(LlmRewriter(model), "Earpiece wireless")
    assert plan.text == "Earpiece wireless"
    assert plan.variants == ()
    assert [when for when, _ in model.asked] == ["remembered", "later"]
    content = model.asked[-1][1]
    assert content["query"] == "earpiece wireless"
    assert content["unknown_words"] == ["earpiece"]
    assert "Headset" in content["kinds_of_products"]


def test_a_remembered_answer_is_searched_beside_what_was_typed():
    model = Model("wireless headset")
    plan = rewritten(LlmRewriter(model), "earpiece wireless")
    assert plan.text == "earpiece wireless"
    assert plan.variants == ("wireless headset",)
    assert plan.suggestion == "wireless headset"
    assert plan.dense_text == "earpiece wireless wireless headset"
    assert "'wireless headset' match as well" in plan.log[-1].message
    assert [when for when, _ in model.asked] == ["remembered"]


@pytest.mark.parametrize("wording", ["earphones", "EARPIECE wireless", "   ", "耳机"])
def test_a_wording_that_the_catalogue_cannot_match_is_left_out(wording):
    plan = rewritten(LlmRewriter(Model(wording)), "earpiece wireless")
    assert plan.variants == ()
    assert plan.log == ()


@pytest.mark.parametrize("text", ["wireless mouse", "NV-12X", "", "earpiece " * 40])
def test_what_the_catalogue_knows_is_not_asked_about(text):
    model = Model()
    assert rewritten(LlmRewriter(model), text).variants == ()
    assert model.asked == []


def test_nothing_is_asked_where_nothing_is_known():
    model = Model()
    rewritten(LlmRewriter(model), "earpiece", NOTHING_KNOWN)
    assert model.asked == []


def test_two_wordings_at_most_are_added():
    plan = rewritten(LlmRewriter(Model("headset", "wireless headset", "mouse")), "earpiece")
    assert plan.variants == ("headset", "wireless headset")
    assert CATALOGUE.lexicon.knows("headset")
