import numpy as np
import pytest
from shop import CATALOGUE, products

from query_understanding import (
    Intent,
    IntentReport,
    calibration_error,
    default_intent_model,
    example_rounds,
    labelled,
    labelled_queries,
    measure_intents,
    phrase_books,
    train_intents,
)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy_over_bins():
    confidences = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False, True, False])
    # four at .95 of which .75 are right, two at .55 of which .5 are
    assert calibration_error(confidences, right) == pytest.approx(4 / 6 * 0.2 + 2 / 6 * 0.05)


def test_full_confidence_falls_into_the_last_bin():
    assert calibration_error(np.array([1.0]), np.array([True])) == 0.0


def test_examples_of_one_pattern_are_in_one_fold():
    queries = labelled(example_rounds(products(), phrase_books(), rounds=2, examples=200))
    assert {each.fold for each in queries} == set(range(5))
    one, again = (labelled_queries([("red case", Intent.BUY)], CATALOGUE.lexicon) for _ in "ab")
    assert one[0].fold == again[0].fold


def test_a_model_learns_what_a_shop_labels():
    made = labelled(example_rounds(products(), phrase_books(), rounds=2, examples=400))
    text = "zibble zabble"
    own = labelled_queries([(text, Intent.SUPPORT)], CATALOGUE.lexicon)
    without = train_intents(made, phrase_books())
    learned = train_intents([*made, *own * 400], phrase_books())
    before = without.guess(own[0].features).shares[Intent.SUPPORT]
    assert learned.guess(own[0].features).shares[Intent.SUPPORT] > before + 0.3


def test_a_report_counts_what_was_taken_for_what():
    queries = labelled_queries(
        [("where is my parcel", Intent.SUPPORT), ("where is my refund", Intent.BUY)],
        CATALOGUE.lexicon,
    )
    report = measure_intents(default_intent_model(), queries)
    assert report.queries == 2
    assert report.accuracy == 0.5
    assert report.confusion == {
        Intent.SUPPORT: {Intent.SUPPORT: 1},
        Intent.BUY: {Intent.SUPPORT: 1},
    }


def test_folds_are_pooled_by_their_queries():
    def report(queries, accuracy):
        return IntentReport(
            queries=queries,
            accuracy=accuracy,
            calibration_error=accuracy,
            unknown=0.0,
            confusion={Intent.BUY: {Intent.BUY: queries}},
        )

    pooled = IntentReport.pooled([report(3, 1.0), report(1, 0.0)])
    assert pooled.queries == 4
    assert pooled.accuracy == 0.75
    assert pooled.confusion == {Intent.BUY: {Intent.BUY: 4}}
