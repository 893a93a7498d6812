import pytest

from evaluation import (
    Answer,
    Dimension,
    JudgedQuery,
    Judgment,
    Judgments,
    Run,
    ShownHit,
    compare,
    measure_run,
    parse_measures,
)
from search_core.settings import EvaluationSettings

SETTINGS = EvaluationSettings(resamples=99)
QUERIES = [JudgedQuery(text=text) for text in ("sofa", "lamp", "red chair")]
JUDGMENTS = Judgments.of(
    Judgment(query=query, product_id=product_id, grade=grade)
    for query in QUERIES
    for product_id, grade in {"good": 3, "poor": 1, "wrong": 0}.items()
)


def evaluated(name, *rankings):
    answers = {
        query.key: Answer(
            product_ids=tuple(ids),
            shown=tuple(ShownHit(product_id=i, title=f"the {i} one, by {name}") for i in ids),
        )
        for query, ids in zip(QUERIES, rankings, strict=True)
    }
    run = Run(name=name, answers=answers)
    return measure_run(run, JUDGMENTS, parse_measures(["RR", "P@1"]))


BASELINE = evaluated("old", ["wrong", "good"], ["good", "wrong"], ["wrong", "x", "good"])
CANDIDATE = evaluated("new", ["good", "wrong"], ["wrong", "good"], ["good", "x", "wrong"])


def test_the_difference_is_candidate_less_baseline_over_the_same_queries():
    (found,) = compare(BASELINE, [CANDIDATE], SETTINGS)
    deciding = found.deciding
    assert deciding.measure.name == "RR"
    assert deciding.difference == pytest.approx(((1 - 1 / 2) + (1 / 2 - 1) + (1 - 1 / 3)) / 3)
    assert (deciding.wins, deciding.losses, deciding.ties) == (2, 1, 0)
    assert deciding.candidate_mean - deciding.baseline_mean == pytest.approx(deciding.difference)


def test_queries_come_greatest_win_first():
    (found,) = compare(BASELINE, [CANDIDATE], SETTINGS)
    assert [each.query.text for each in found.queries] == ["red chair", "sofa", "lamp"]
    assert [round(each.difference, 3) for each in found.queries] == [0.667, 0.5, -0.5]


def test_moved_hits_are_named_with_grade_and_ranks_best_grade_first():
    (found,) = compare(BASELINE, [CANDIDATE], SETTINGS)
    moved = [
        (m.hit.product_id, m.grade, m.rank_before, m.rank_after) for m in found.queries[0].moved
    ]
    assert moved == [("good", 3, 3, 1), ("wrong", 0, 1, 3)]
    assert found.queries[0].moved[0].hit.title == "the good one, by new"


def test_a_hit_that_only_one_of_them_has_is_moved_too():
    before = evaluated("old", ["poor"], ["good"], ["good"])
    after = evaluated("new", ["good", "unjudged"], ["good"], ["good"])
    (found,) = compare(before, [after], SETTINGS)
    sofa = next(each for each in found.queries if each.query.text == "sofa")
    moved = {m.hit.product_id: (m.grade, m.rank_before, m.rank_after) for m in sofa.moved}
    assert moved == {
        "good": (3, None, 1),
        "poor": (1, 1, None),
        "unjudged": (None, None, 2),
    }


def test_a_system_compared_with_itself_has_no_difference():
    (found,) = compare(BASELINE, [BASELINE], SETTINGS)
    assert all(each.difference == 0.0 and each.p_value == 1.0 for each in found.measures)
    assert all(not each.moved for each in found.queries)


def test_p_values_are_corrected_for_the_number_of_candidates():
    alone = compare(BASELINE, [CANDIDATE], SETTINGS)[0].deciding
    first, second = compare(BASELINE, [CANDIDATE, CANDIDATE], SETTINGS)
    assert alone.adjusted_p_value == alone.p_value
    assert first.deciding.adjusted_p_value == min(1.0, 2 * alone.p_value)
    assert second.deciding.p_value == alone.p_value


def test_kinds_of_queries_have_their_own_means():
    (found,) = compare(BASELINE, [CANDIDATE], SETTINGS)
    lengths = {
        c.name: (c.queries, c.difference) for c in found.classes if c.dimension is Dimension.LENGTH
    }
    assert lengths["1 word"] == (2, pytest.approx(0.0))
    assert lengths["2 words"] == (1, pytest.approx(1 - 1 / 3))
