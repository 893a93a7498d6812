import pytest

from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import Measure
from evaluation.run import Answer, Run
from evaluation.weight_curve import weight_curve
from search_core.settings import EvaluationSettings

QUERIES = [JudgedQuery(text=text) for text in ("tea", "mug")]
JUDGMENTS = Judgments.of(Judgment(query=query, product_id="good", grade=1) for query in QUERIES)


def run_with(setting):
    """With weight 2 or more the relevant product comes first, before that second."""
    ids = ("good", "bad") if setting["weight"] >= 2 else ("bad", "good")
    return Run(name="run", answers={query.key: Answer(product_ids=ids) for query in QUERIES})


def test_the_present_value_is_measured_with_the_others_in_order():
    curve = weight_curve(
        run_with,
        JUDGMENTS,
        Measure.parse("RR@10"),
        "weight",
        1.5,
        (0.0, 2.0),
        EvaluationSettings(resamples=99),
    )
    assert [(point.value, point.mean) for point in curve.points] == [
        (0.0, pytest.approx(1 / 2)),
        (1.5, pytest.approx(1 / 2)),
        (2.0, pytest.approx(1.0)),
    ]
    assert all(point.interval.low <= point.mean <= point.interval.high for point in curve.points)
