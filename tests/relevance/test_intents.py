"""Floors under how often intents are right on real queries that no model was trained on."""

from pathlib import Path

import pytest

from benchmarks.intents import half, held_out_sets
from query_understanding import (
    IntentReport,
    default_intent_model,
    labelled_queries,
    measure_intents,
)

SHARED = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not beside the checkout"),
]


@pytest.fixture(scope="module")
def reports():
    """Name of the set → report on its test half."""
    model = default_intent_model()
    return {
        name: measure_intents(
            model, labelled_queries([(text, intent) for text in half(texts, "test")], lexicon)
        )
        for name, (intent, texts, lexicon) in held_out_sets(SHARED).items()
    }


@pytest.mark.parametrize(
    ("queries", "floor"),
    [
        ("support, Bitext", 0.89),
        ("questions, Amazon PQA", 0.96),
        ("furniture queries, no catalogue", 0.95),
        ("brands of the catalogue", 0.92),
        ("model numbers and EANs", 0.90),
        ("furniture queries, electronics shop", 0.38),
    ],
)
def test_intents_are_right(reports, queries, floor):
    assert reports[queries].queries >= 50
    assert reports[queries].accuracy >= floor


def test_what_the_shop_sells_is_rarely_taken_for_anything_but_buying(reports):
    # 43 queries: one more wrong guess is .023
    assert reports["electronics queries, own shop"].accuracy >= 0.90


def test_confidence_is_about_how_often_guesses_are_right(reports):
    told = [each for name, each in reports.items() if name != "furniture queries, electronics shop"]
    assert IntentReport.pooled(told).calibration_error <= 0.06
