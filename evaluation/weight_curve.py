"""How a measure answers to one number among the settings, such as a leg's weight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluation.judgments import Judgments
from evaluation.measures import Measure, measure_run
from evaluation.run import Run
from evaluation.significance import Interval, bootstrap_interval
from search_core.settings import EvaluationSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The measure at one value of the setting."""

    value: float
    mean: float
    interval: Interval
    """Of the mean over the queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightCurve:
    """A measure over the values of one setting; everything else stays as it is."""

    setting: str
    present: float
    measure: Measure
    points: tuple[CurvePoint, ...]
    """By value, ascending."""


def weight_curve(
    run_with: Callable[[dict[str, float]], Run],
    judgments: Judgments,
    measure: Measure,
    setting: str,
    present: float,
    values: Sequence[float],
    settings: EvaluationSettings,
) -> WeightCurve:
    """Measure the values of a setting one by one.

    Args:
        run_with: answers all judged queries with one setting changed.
        judgments: what is measured against.
        measure: what is drawn.
        setting: its dotted name.
        present: its value now, measured as well.
        values: what else is measured.
        settings: confidence, resamples and seed of the intervals.
    """
    points = []
    for value in sorted({present, *values}):
        evaluation = measure_run(run_with({setting: value}), judgments, [measure])
        interval = bootstrap_interval(
            tuple(evaluation.values[measure].values()),
            confidence=settings.confidence,
            resamples=settings.resamples,
            seed=settings.seed,
        )
        points.append(CurvePoint(value=value, mean=evaluation.mean(measure), interval=interval))
    return WeightCurve(setting=setting, present=present, measure=measure, points=tuple(points))
