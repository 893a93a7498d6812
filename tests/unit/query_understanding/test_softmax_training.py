import numpy as np
import pytest

from query_understanding.intents.softmax_training import Rows, best_temperature, train_softmax


def rows(*examples):
    return Rows(
        features=[features for features, _ in examples],
        labels=np.array([label for _, label in examples], dtype=np.int64),
    )


# Feature 0 tells class 0, feature 1 class 1; feature 2 tells nothing.
SEPARABLE = rows(*[([0, 2], 0), ([1, 2], 1), ([0], 0), ([1], 1)] * 20)


def test_features_that_tell_a_class_apart_get_its_weight():
    learned = train_softmax(SEPARABLE, SEPARABLE, features=3, classes=2, most_epochs=200)
    assert learned.weights[0][0] > 1 > -1 > learned.weights[0][1]
    assert learned.weights[1][1] > 1 > -1 > learned.weights[1][0]
    assert np.abs(learned.weights[2]).max() < 0.1
    assert learned.held_out_loss < 0.1


def test_training_stops_when_the_held_out_loss_no_longer_falls():
    contrary = rows(*[([0], 1), ([1], 0)] * 5)
    learned = train_softmax(SEPARABLE, contrary, features=3, classes=2, patience=3)
    assert learned.epochs == 1


def test_without_held_out_rows_all_passes_are_made():
    learned = train_softmax(SEPARABLE, None, features=3, classes=2, most_epochs=7)
    assert learned.epochs == 7


def test_equal_seeds_learn_equal_weights():
    one, other = (train_softmax(SEPARABLE, SEPARABLE, features=3, classes=2, seed=4) for _ in "ab")
    assert np.array_equal(one.weights, other.weights)


def test_a_row_without_features_is_told_by_the_bias_alone():
    mostly_one = rows(*[([], 1)] * 9, ([], 0))
    learned = train_softmax(mostly_one, mostly_one, features=1, classes=2, most_epochs=200)
    share = 1 / (1 + np.exp(float(learned.bias[0] - learned.bias[1])))
    assert share == pytest.approx(0.9, abs=0.03)
    assert not learned.weights.any()


def test_overconfident_logits_get_a_temperature_above_one():
    # Says 95 % (logit 2.94) and is right three times in four (logit 1.10): 2.94 / 1.10 = 2.7.
    logits = np.array([[2.944, 0.0]] * 4)
    labels = np.array([0, 0, 0, 1])
    assert best_temperature(logits, labels) == pytest.approx(2.7, abs=0.15)
