import math

import pytest

from query_understanding import learn_lexicon
from query_understanding.category_training import (
    CategoryExample,
    counted_words,
    measure_categories,
)

LAMP, BULB = ("product_type", "Lamp"), ("product_type", "Bulb")


def example(text, *kinds):
    return CategoryExample(text=text, kinds=kinds, fold=0)


def test_right_is_what_is_likeliest_and_one_of_the_true_kinds():
    told = {"light": {LAMP: 0.6, BULB: 0.3}, "led": {LAMP: 0.8, BULB: 0.1}, "": {}}
    examples = [example("light", LAMP), example("led", BULB), example("", LAMP)]
    report, likelihoods = measure_categories(told.__getitem__, examples)
    assert (report.queries, report.accuracy) == (3, pytest.approx(1 / 3))
    assert likelihoods == [math.log(0.6), math.log(0.1), math.log(1e-4)]


def test_the_shares_of_several_true_kinds_add_up():
    _, likelihoods = measure_categories(
        lambda _: {LAMP: 0.6, BULB: 0.3}, [example("light", LAMP, BULB)]
    )
    assert likelihoods == [pytest.approx(math.log(0.9))]


def test_words_of_titles_tell_without_any_training():
    titles = [("Brass lamp", "Lamp"), ("Oak lamp", "Lamp"), ("Warm bulb", "Bulb")]
    tell = counted_words(learn_lexicon({"title": t, "product_type": k} for t, k in titles))
    shares = tell("brass lamp")
    assert max(shares, key=shares.get) == LAMP
