import numpy as np
import pytest

from query_understanding.classifier_training import best_mixture

LABELS = np.array([0, 1, 0, 1] * 10)


def logits(*right):
    """Return logits that prefer the true class where `right`, else the other."""
    table = np.zeros((len(LABELS), 2), np.float32)
    for row, label in enumerate(LABELS):
        table[row, label if right[row % len(right)] else 1 - label] = 3.0
    return table


def beside(*right):
    """Return the other way's probabilities: this much for the true class of each row in turn."""
    table = np.zeros((len(LABELS), 2))
    for row, label in enumerate(LABELS):
        table[row, label] = right[row % len(right)]
        table[row, 1 - label] = 1 - right[row % len(right)]
    return table


def test_a_model_that_is_always_right_counts_alone_and_may_be_surer():
    found = best_mixture(logits(True), LABELS, beside(0.5))
    assert found.share == 1.0
    assert found.temperature < 1.0


def test_a_model_that_knows_nothing_counts_nothing():
    assert best_mixture(logits(True, False), LABELS, beside(0.9)).share == 0.0


def test_two_that_go_wrong_in_different_places_share():
    found = best_mixture(logits(True, True, True, False), LABELS, beside(0.05, 0.95, 0.95, 0.95))
    assert 0.2 <= found.share <= 0.8


def test_without_another_way_the_model_counts_alone():
    found = best_mixture(logits(True, True, True, False), LABELS)
    assert found.share == 1.0
    # Three of four right: log-odds of 3 instead of the logit's 3.
    assert found.temperature == pytest.approx(3 / np.log(3), rel=0.1)


def test_words_that_are_not_known_count_less():
    full = best_mixture(logits(True), LABELS, beside(0.6))
    halved = best_mixture(logits(True), LABELS, beside(0.6), np.full(len(LABELS), 0.5))
    assert full.share > halved.share
