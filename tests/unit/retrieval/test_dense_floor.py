from retrieval.dense_floor import above_floor
from search_engine import Candidate, Leg, LegResult


def dense(*cosines):
    candidates = tuple(
        Candidate(product_id=str(place), score=cosine, variant_group=str(place))
        for place, cosine in enumerate(cosines)
    )
    return LegResult(leg=Leg.DENSE, candidates=candidates, total=None, took_ms=1.0)


def kept(result):
    return [each.score for each in result.candidates]


def test_candidates_far_below_the_best_are_left_out():
    assert kept(above_floor(dense(0.8, 0.5, 0.4, 0.3), 0.5)) == [0.8, 0.5, 0.4]


def test_a_floor_of_zero_keeps_what_points_the_same_way():
    assert kept(above_floor(dense(0.8, 0.0, -0.1), 0.0)) == [0.8, 0.0]


def test_the_best_is_always_kept():
    assert kept(above_floor(dense(0.8), 1.0)) == [0.8]


def test_no_candidates_stay_none():
    assert kept(above_floor(dense(), 0.4)) == []
