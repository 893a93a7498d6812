import logging

import pytest

from reranker.mixing import MixingModel
from search_core.settings import Settings
from shopkeeper.composition import usable_mixing
from shopkeeper.learned_conditions import (
    changed_conditions,
    learned_conditions,
    mixing_warnings,
)

THEN = Settings()


@pytest.fixture
def mixing():
    return MixingModel(
        weights={"fusion": 0.6, "price_place": -0.1},
        learned_under=learned_conditions(THEN),
        digest="ab12",
    )


def test_the_same_settings_are_no_change(mixing):
    assert changed_conditions(mixing, Settings()) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"retrieval": {"fusion": {"dense_weight": 2.0}}},
            "retrieval.fusion.dense_weight was 1.25 is 2.0",
        ),
        (
            {"retrieval": {"fusion": {"method": "min_max"}}},
            "retrieval.fusion.method was reciprocal_rank is min_max",
        ),
        ({"retrieval": {"some_terms": False}}, "retrieval.some_terms was True is False"),
        ({"retrieval": {"candidates": 100}}, "retrieval.candidates was 200 is 100"),
        ({"reranker": {"rerank_window": 30}}, "reranker.rerank_window was 50 is 30"),
        (
            {"reranker": {"passage_fields": ["title"]}},
            "reranker.passage_fields was ['title', 'product_type', 'description'] is ['title']",
        ),
    ],
)
def test_what_is_set_otherwise_is_named_with_both_values(mixing, changes, said):
    assert changed_conditions(mixing, Settings.model_validate(changes)) == (said,)


@pytest.mark.parametrize(
    "changes",
    [{"retrieval": {"deadline_ms": 9_000}}, {"reranker": {"timeout_ms": 9_000, "weight": 0.1}}],
)
def test_what_moves_no_product_is_no_change(mixing, changes):
    assert changed_conditions(mixing, Settings.model_validate(changes)) == ()


def test_a_file_from_before_says_nothing_of_it_and_is_not_complained_about():
    older = MixingModel(weights={"fusion": 1.0}, learned_under={"retrieval.gone": 1})
    assert changed_conditions(older, Settings(retrieval={"candidates": 10})) == ()


def test_a_change_is_logged_when_search_opens_and_the_mixing_stays_in_use(mixing, caplog):
    changed = Settings(retrieval={"candidates": 100})
    with caplog.at_level(logging.WARNING):
        assert usable_mixing(mixing, changed) is mixing
    assert "mixing_learned_under_other_settings mixing=ab12" in caplog.text
    assert "retrieval.candidates was 200 is 100" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        assert usable_mixing(mixing, THEN) is mixing
    assert caplog.text == ""


def test_an_operator_is_told_in_a_sentence(mixing):
    assert mixing_warnings(mixing, THEN) == ()
    assert mixing_warnings(None, THEN) == ()
    (warning,) = mixing_warnings(mixing, Settings(retrieval={"candidates": 100}))
    assert warning == (
        "the mixing was learned under other settings: retrieval.candidates was 200 is 100; learn "
        "it again: shopkeeper reranker fit JUDGMENTS"
    )
