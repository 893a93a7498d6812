from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.holes import find_holes
from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import Measure, measure_run, parse_measures
from evaluation.run import Answer, Run

TEA = JudgedQuery(text="tea")
NDCG = Measure.parse("nDCG@10")


def judged(grades, query=TEA):
    return Judgments.of(
        Judgment(query=query, product_id=product_id, grade=grade)
        for product_id, grade in grades.items()
    )


def evaluated(judgments, *ranking, measures=("nDCG@10", "P@10", "Judged@10"), query=TEA):
    run = Run(name="shop", answers={query.key: Answer(product_ids=ranking)})
    return measure_run(run, judgments, parse_measures(measures))


def test_an_unjudged_first_hit_could_be_the_best_or_the_worst():
    evaluation = evaluated(judged({"good": 3}), "unknown", "good")
    (ndcg,) = (each for each in find_holes(evaluation).bounds if each.measure == NDCG)
    assert ndcg.value == pytest.approx(1 / log2(3))
    assert ndcg.worst == pytest.approx(1 / log2(3))
    # Both of grade 3: the ranking is ideal.
    assert ndcg.best == pytest.approx(1.0)


def test_a_relevant_product_found_late_counts_as_a_worst_case():
    evaluation = evaluated(judged({"good": 1, "best": 3}), "good", "unknown")
    (ndcg,) = (each for each in find_holes(evaluation).bounds if each.measure == NDCG)
    # Unjudged is 0: 1 over the ideal of best and good; if it had grade 3, so would the ideal.
    as_zero = 1 / (3 + 1 / log2(3))
    as_best = (1 + 3 / log2(3)) / (3 + 3 / log2(3) + 1 / log2(4))
    assert ndcg.worst == pytest.approx(min(as_zero, as_best))
    assert ndcg.best == pytest.approx(max(as_zero, as_best))


def test_an_ordinary_grade_can_be_kinder_than_the_highest():
    # With grade 1 the ranking is ideal; with grade 3 the unknown product should have come first.
    evaluation = evaluated(judged({"a": 1, "elsewhere": 0, "top": 3}), "top", "a", "unknown")
    (ndcg,) = (each for each in find_holes(evaluation).bounds if each.measure == NDCG)
    assert ndcg.best == pytest.approx(1.0)


def test_without_holes_the_bounds_are_the_value():
    evaluation = evaluated(judged({"a": 2, "b": 0}), "b", "a")
    holes = find_holes(evaluation)
    assert holes.unjudged_a_query == 0
    assert all(each.worst == each.best == pytest.approx(each.value) for each in holes.bounds)


def test_only_the_first_hits_are_looked_at():
    evaluation = evaluated(judged({"a": 2}), "a", *(f"u{n}" for n in range(12)))
    assert find_holes(evaluation, depth=3).unjudged == {TEA.key: ("u0", "u1")}


def test_measures_that_answer_holes_themselves_have_no_bounds():
    evaluation = evaluated(judged({"a": 2}), "u", "a")
    assert [str(each.measure) for each in find_holes(evaluation).bounds] == ["nDCG@10", "P@10"]


@given(
    ranking=st.permutations(["a", "b", "c", "u1", "u2", "u3"]),
    grades=st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(0, 3)),
    truth=st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
)
def test_whatever_the_raters_say_the_value_lies_within_the_bounds(ranking, grades, truth):
    known = {**dict(zip("abc", grades, strict=True)), "low": 0, "one": 1, "two": 2, "top": 3}
    evaluation = evaluated(judged(known), *ranking, measures=("nDCG@10", "RR@10"))
    rated = judged({**known, **dict(zip(("u1", "u2", "u3"), truth, strict=True))})
    then = evaluated(rated, *ranking, measures=("nDCG@10", "RR@10"))
    for bounds in find_holes(evaluation).bounds:
        assert bounds.worst - 1e-9 <= then.mean(bounds.measure) <= bounds.best + 1e-9
