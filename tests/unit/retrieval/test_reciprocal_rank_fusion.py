import pytest

from retrieval.reciprocal_rank_fusion import reciprocal_rank_values


def test_a_vote_is_one_over_constant_plus_rank():
    assert reciprocal_rank_values(3, 60) == [1 / 61, 1 / 62, 1 / 63]


def test_no_candidates_have_no_votes():
    assert reciprocal_rank_values(0, 60) == []


@pytest.mark.parametrize(("constant", "ratio"), [(1, 2 / 3), (60, 61 / 62)])
def test_a_larger_constant_lets_votes_fall_more_slowly(constant, ratio):
    first, second = reciprocal_rank_values(2, constant)
    assert second / first == pytest.approx(ratio, abs=1e-12)
