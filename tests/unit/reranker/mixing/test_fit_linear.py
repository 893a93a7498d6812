import numpy as np
import pytest

from reranker.mixing import FEATURES, MixingModel, fit_linear
from tests.unit.reranker.mixing.windows import misleading, window

START = MixingModel.usual(None)


def fit(windows, pull=0.01, unjudged=0.0):
    return fit_linear(windows, START, pull=pull, unjudged=unjudged)


def test_what_tells_good_products_apart_gets_a_weight_that_puts_them_first():
    windows = misleading("title_words")
    model = fit(windows)
    scores = model.scores(windows[0].features)
    assert set(np.argsort(-scores)[:4]) == {16, 17, 18, 19}
    assert model.weights["title_words"] > 0
    assert model.queries == 30


def test_a_stronger_pull_stays_closer_to_the_start():
    windows = misleading("title_words")
    away = [fit(windows, pull).weights.get("title_words", 0.0) for pull in (0.01, 1.0, 100.0)]
    assert away == sorted(away, reverse=True)
    assert fit(windows, 1e6).weights["fusion"] == pytest.approx(1.0, abs=1e-3)


def test_a_feature_that_can_only_speak_for_a_product_never_speaks_against_it():
    windows = [
        window(*((3 * (place < 2), {"title_words": float(place >= 2)}) for place in range(6)))
    ]
    assert fit(windows).weights.get("title_words", 0.0) == 0.0


def test_a_feature_without_a_direction_may_speak_against_a_product():
    windows = [
        window(*((3 * (place < 2), {"price_place": float(place >= 2)}) for place in range(6)))
    ]
    assert fit(windows).weights["price_place"] < 0


def test_products_that_nobody_rated_teach_nothing_unless_they_are_given_a_weight():
    windows = [window((3, {"fusion": 0.4, "brand": 1.0}), *[(None, {"fusion": 1.0})] * 3)]
    assert fit(windows).weights == {"fusion": pytest.approx(1.0)}
    assert fit(windows, unjudged=0.3).weights["brand"] > 0


@pytest.mark.parametrize("windows", [[], [window((3, {"fusion": 1.0}))]])
def test_without_pairs_the_start_stays(windows):
    assert fit(windows).weights == {"fusion": pytest.approx(1.0)}


def test_the_same_windows_give_the_same_weights():
    windows = misleading("type_words")
    assert fit(windows).weights == fit(windows).weights
    assert set(fit(windows).weights) <= set(FEATURES)
