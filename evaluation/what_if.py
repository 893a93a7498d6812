"""What a run would measure if further products had been judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.judgments import JudgedQuery, Judgments
from evaluation.measures import Evaluation, Measure, measure_run
from evaluation.run import Answer, Run

_DEEPEST = 1_000
"""Hits looked at by a measure without a cut-off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """Grades that a query's unjudged products might have been given."""

    query: JudgedQuery
    grades: Mapping[str, int]
    """Product id → grade, beside the grades that there are."""


def suppose(
    evaluation: Evaluation, suppositions: Sequence[Supposition], measures: Sequence[Measure]
) -> Mapping[Measure, tuple[float, ...]]:
    """Measure each supposition as if it were a query of its own.

    Returns:
        Measure → one value a supposition, in their order.
    """
    if not suppositions or not measures:
        return dict.fromkeys(measures, ())
    depth = max(measure.cutoff or _DEEPEST for measure in measures)
    if any(measure.judged_only for measure in measures):
        depth = max(depth, _DEEPEST)
    queries = tuple(JudgedQuery(text=str(number)) for number in range(len(suppositions)))
    judgments = Judgments(
        queries=queries,
        qrels={
            query.key: {**evaluation.judgments.grades(each.query), **each.grades}
            for query, each in zip(queries, suppositions, strict=True)
        },
    )
    answers = {
        query.key: Answer(product_ids=evaluation.run.ranking(each.query)[:depth])
        for query, each in zip(queries, suppositions, strict=True)
    }
    run = Run(name=evaluation.name, answers=answers)
    values = measure_run(run, judgments, measures).values
    return {
        measure: tuple(values[measure].get(query.key, 0.0) for query in queries)
        for measure in measures
    }


def unjudged_hits(evaluation: Evaluation, query: JudgedQuery, depth: int) -> tuple[str, ...]:
    """Return the products among a query's first hits that nobody judged, best first."""
    grades = evaluation.judgments.grades(query)
    first = evaluation.run.ranking(query)[:depth]
    return tuple(product_id for product_id in first if product_id not in grades)


def grade_levels(judgments: Judgments) -> tuple[int, ...]:
    """Return the grades that were given, and 0, ascending."""
    return tuple(sorted({0, *_all_grades(judgments)}))


def _all_grades(judgments: Judgments) -> Iterable[int]:
    return (grade for grades in judgments.qrels.values() for grade in grades.values())
