import math

import numpy as np
import pytest

from reranker.mixing import FEATURES, MixingModel
from shopkeeper.ranked_windows import RankedWindow

TITLES = list(FEATURES).index("title_words")
MODEL = MixingModel(weights={"title_words": 1.0})


def window(titles, *, signals=None, exact=(), below=("x", "y")):
    names = "abcdefgh"[: len(titles)]
    features = np.zeros((len(titles), len(FEATURES)))
    features[:, TITLES] = titles
    return RankedWindow(
        present=(*names, *below),
        window=tuple(names),
        exact_codes=frozenset(exact),
        features=features,
        signals=tuple(signals or [0.0] * len(titles)),
    )


def test_a_model_reorders_the_window_and_nothing_below_it():
    assert window([0.1, 0.9, 0.5]).ranked_by(MODEL) == ("b", "c", "a", "x", "y")


def test_equal_scores_stand_by_product_id():
    assert window([0.5, 0.5, 0.5]).ranked_by(MODEL) == ("a", "b", "c", "x", "y")


def test_business_signals_count_as_they_do_in_a_search():
    assert window([0.1, 0.9], signals=[1.0, 0.0]).ranked_by(MODEL)[:2] == ("a", "b")


def test_a_product_whose_code_is_the_query_stays_first_and_teaches_nothing():
    ranked = window([0.1, 0.9], exact="a")
    assert ranked.ranked_by(MODEL)[:2] == ("a", "b")
    assert ranked.judged({"a": 3, "b": 0}).grades.tolist() == [0.0]


def test_what_nobody_rated_has_no_grade():
    judged = window([0.1, 0.9]).judged({"b": 2, "elsewhere": 3})
    assert math.isnan(judged.grades[0])
    assert judged.grades[1] == 2.0
    # The best order would be `elsewhere`, then b.
    assert judged.ideal == pytest.approx(3 + 2 / math.log2(3))


def test_a_window_that_was_not_read_keeps_its_order_and_teaches_nothing():
    unread = RankedWindow(present=("a", "b"))
    assert unread.ranked_by(MODEL) == ("a", "b")
    assert unread.judged({"a": 1}) is None
