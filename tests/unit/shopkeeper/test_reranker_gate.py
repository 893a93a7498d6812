import pytest

from evaluation import JudgedQuery, Judgment, Judgments
from search_core import ConfigurationError
from shopkeeper.reranker_gate import _without

QUERIES = ("oak shelf", "shelf bracket", "Desk", "chair")


def judgments():
    return Judgments.of(
        Judgment(query=JudgedQuery(text=text), product_id="1", grade=3) for text in QUERIES
    )


def measured(*known):
    return [query.text for query in _without(judgments(), frozenset(known)).queries]


def test_queries_that_were_learned_from_do_not_count():
    assert measured("desk") == ["oak shelf", "shelf bracket", "chair"]


def test_what_was_learned_of_the_same_kind_of_product_does_not_count_either():
    assert measured("shelf") == ["Desk", "chair"]
    assert measured("cheap oak shelf") == ["shelf bracket", "Desk", "chair"]


def test_a_model_that_learned_from_no_judgments_is_measured_on_all():
    assert measured() == list(QUERIES)


def test_a_model_that_knows_every_kind_cannot_be_measured():
    with pytest.raises(ConfigurationError, match="trained on every judged query, or on others"):
        measured("shelf", "desk", "wooden chair")
