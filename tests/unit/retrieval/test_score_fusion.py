import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.score_fusion import (
    distribution_normalised,
    min_max_normalised,
    z_score_normalised,
)

ALL = [min_max_normalised, z_score_normalised, distribution_normalised]
scores_lists = st.lists(
    st.floats(min_value=-1e6, max_value=1e6, allow_nan=False), min_size=1, max_size=50
)


def test_min_max_spans_zero_to_one():
    assert min_max_normalised([6.0, 4.0, 2.0]) == [1.0, 0.5, 0.0]


def test_z_scores_are_distances_from_the_lowest_in_standard_deviations():
    # mean 4, population deviation sqrt(8/3)
    deviation = (8 / 3) ** 0.5
    assert z_score_normalised([6.0, 4.0, 2.0]) == pytest.approx([4 / deviation, 2 / deviation, 0])


def test_the_distribution_scale_puts_the_mean_at_one_half():
    high, mean, low = distribution_normalised([6.0, 4.0, 2.0])
    assert mean == pytest.approx(0.5)
    assert high - mean == pytest.approx(mean - low)


def test_an_outlier_is_cut_at_three_deviations_on_the_distribution_scale():
    values = distribution_normalised([1000.0] + [1.0] * 20)
    assert values[0] == 1.0


@pytest.mark.parametrize("normalise", ALL)
def test_no_scores_give_no_values(normalise):
    assert normalise([]) == []


@pytest.mark.parametrize(
    ("normalise", "value"),
    [(min_max_normalised, 1.0), (z_score_normalised, 1.0), (distribution_normalised, 0.5)],
)
def test_equal_scores_are_worth_the_same(normalise, value):
    assert normalise([3.0, 3.0]) == [value, value]


@pytest.mark.parametrize("normalise", ALL)
@given(scores=scores_lists)
def test_normalising_keeps_the_order_and_is_never_negative(normalise, scores):
    ordered = sorted(scores, reverse=True)
    values = normalise(ordered)
    assert values == sorted(values, reverse=True)
    assert min(values) >= 0
