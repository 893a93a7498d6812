import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evaluation.significance import (
    bootstrap_interval,
    holm_adjusted,
    lower_bound,
    randomisation_p_value,
)

FEW = [0.2, -0.1, 0.05, 0.3, 0.0, 0.15, -0.02, 0.4]
MANY = [math.sin(number) / 4 + 0.05 for number in range(90)]


def test_the_p_value_of_few_queries_is_exact():
    baseline = np.linspace(0.1, 0.8, len(FEW))
    theirs = stats.permutation_test(
        (baseline + FEW, baseline),
        lambda first, second, axis: np.mean(first - second, axis=axis),
        permutation_type="samples",
        n_resamples=9999,
    )
    ours = randomisation_p_value(FEW, resamples=9999, seed=0)
    assert ours == pytest.approx(theirs.pvalue, abs=1e-12)


def test_the_p_value_of_many_queries_is_scipys_with_the_same_seed():
    theirs = stats.permutation_test(
        (np.array(MANY),),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=999,
        batch=1000,
        rng=np.random.default_rng(7),
    )
    assert randomisation_p_value(MANY, resamples=999, seed=7) == theirs.pvalue


def test_the_interval_is_scipys_with_the_same_seed():
    theirs = stats.bootstrap(
        (np.array(MANY),),
        np.mean,
        confidence_level=0.9,
        n_resamples=999,
        batch=1000,
        rng=np.random.default_rng(7),
    ).confidence_interval
    ours = bootstrap_interval(MANY, confidence=0.9, resamples=999, seed=7)
    assert (ours.low, ours.high) == (theirs.low, theirs.high)


def test_the_one_sided_bound_lies_above_the_two_sided_one():
    interval = bootstrap_interval(MANY, confidence=0.95, resamples=999, seed=0)
    bound = lower_bound(MANY, confidence=0.95, resamples=999, seed=0)
    assert interval.low < bound < float(np.mean(MANY))


def test_equal_systems_differ_by_nothing_for_sure():
    interval = bootstrap_interval([0.0] * 5, confidence=0.95, resamples=99, seed=0)
    assert (interval.low, interval.high) == (0.0, 0.0)
    assert randomisation_p_value([0.0] * 5, resamples=99, seed=0) == 1.0


def test_one_query_says_nothing_about_others():
    interval = bootstrap_interval([0.5], confidence=0.95, resamples=99, seed=0)
    assert (interval.low, interval.high) == (-math.inf, math.inf)
    assert lower_bound([0.5], confidence=0.95, resamples=99, seed=0) == -math.inf
    assert randomisation_p_value([0.5], resamples=99, seed=0) == 1.0


def test_holm_multiplies_the_smallest_p_value_by_their_number_and_keeps_the_order():
    assert holm_adjusted([0.04, 0.01, 0.03]) == pytest.approx((2 * 0.03, 3 * 0.01, 2 * 0.03))
    assert holm_adjusted([0.6, 0.7]) == (1.0, 1.0)
    assert holm_adjusted([]) == ()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), min_size=2, max_size=12))
def test_an_interval_is_never_undefined_and_a_p_value_is_a_probability(differences):
    interval = bootstrap_interval(differences, confidence=0.95, resamples=99, seed=0)
    assert -1.0 <= interval.low <= interval.high <= 1.0
    assert 0.0 < randomisation_p_value(differences, resamples=99, seed=0) <= 1.0
