import sys

import numpy as np
import pytest

from reranker.mixing import MixingModel, fit_trees
from search_core import RerankerTrainingError
from tests.unit.reranker.mixing.windows import misleading, window

START = MixingModel.usual(None)


@pytest.fixture
def lightgbm():
    return pytest.importorskip("lightgbm", reason="needs the extra ltr")


def fit(windows, trees=50, unjudged=0.0):
    return fit_trees(windows, START, trees=trees, unjudged=unjudged)


@pytest.mark.usefixtures("lightgbm")
def test_trees_put_good_products_first_that_the_start_puts_last():
    windows = misleading("title_words")
    model = fit(windows, trees=300)
    assert set(np.argsort(-START.scores(windows[0].features))[-4:]) == {16, 17, 18, 19}
    assert set(np.argsort(-model.scores(windows[0].features))[:4]) == {16, 17, 18, 19}
    assert "title_words" in model.features


def test_scores_differ_by_what_lightgbm_predicts(lightgbm, monkeypatch):
    boosters = []
    train = lightgbm.train

    def kept(*args, **options):
        boosters.append(train(*args, **options))
        return boosters[-1]

    monkeypatch.setattr(lightgbm, "train", kept)
    windows = misleading("title_words")
    model = fit(windows, trees=20)
    matrix = np.random.default_rng(3).random((200, windows[0].features.shape[1]))
    # LightGBM's trees are on the scale of 6 × the usual mix.
    predicted = START.scores(matrix) + boosters[0].predict(matrix, raw_score=True) / 6.0
    ours = model.scores(matrix)
    assert np.ptp(predicted) > 0
    assert ours - ours[0] == pytest.approx(predicted - predicted[0], abs=1e-9)


@pytest.mark.usefixtures("lightgbm")
def test_the_same_windows_and_seed_give_the_same_trees():
    windows = misleading("brand")
    assert fit(windows).trees == fit(windows).trees


@pytest.mark.usefixtures("lightgbm")
def test_windows_that_teach_nothing_are_refused():
    with pytest.raises(RerankerTrainingError, match="no query has two judged products"):
        fit([window((None, {}), (3, {}))])


def test_a_missing_lightgbm_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(RerankerTrainingError, match="trees need LightGBM") as raised:
        fit(misleading("brand", count=1))
    assert "pip install '.[ltr]'" in raised.value.remedy
