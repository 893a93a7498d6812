"""Two systems on the same queries: how they differ, where, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaluation.judgments import JudgedQuery
from evaluation.measures import Evaluation, Measure
from evaluation.query_classes import Dimension, query_classes
from evaluation.run import ShownHit
from evaluation.significance import (
    Interval,
    bootstrap_interval,
    holm_adjusted,
    randomisation_p_value,
)
from search_core.settings import EvaluationSettings

_SHOWN_WITHOUT_CUTOFF = 10
"""Hits looked at for a measure without a cut-off: a first page."""
_TIE = 1e-9
"""Values closer than this are equal: the rounding of different machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDifference:
    """What a measure says about a pair of systems."""

    measure: Measure
    baseline_mean: float
    candidate_mean: float
    difference: float
    """Candidate less baseline."""
    interval: Interval
    """Of the mean difference."""
    p_value: float
    """Two-sided, of the paired randomisation test."""
    adjusted_p_value: float
    """Corrected (Holm) for the number of candidates compared with the baseline."""
    wins: int
    """Queries that the candidate answers better."""
    losses: int
    ties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedHit:
    """A product of the looked-at hits that stands elsewhere."""

    hit: ShownHit
    """As the candidate shows it, else as the baseline does."""
    grade: int | None
    """`None`: not judged."""
    rank_before: int | None
    """`None`: not among the baseline's hits."""
    rank_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryDifference:
    """What the deciding measure says about one query."""

    query: JudgedQuery
    baseline_value: float
    candidate_value: float
    difference: float
    moved: tuple[MovedHit, ...]
    """Best grade first; unjudged ones last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassDifference:
    """What the deciding measure says about one kind of queries."""

    dimension: Dimension
    name: str
    queries: int
    baseline_mean: float
    candidate_mean: float
    difference: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A candidate against a baseline."""

    baseline: Evaluation
    candidate: Evaluation
    measure: Measure
    """The deciding one: the first that was asked for."""
    confidence: float
    measures: tuple[MeasureDifference, ...]
    queries: tuple[QueryDifference, ...]
    """Greatest win first."""
    classes: tuple[ClassDifference, ...]

    @property
    def deciding(self) -> MeasureDifference:
        """What the deciding measure says."""
        return self.measures[0]


def compare(
    baseline: Evaluation, candidates: Sequence[Evaluation], settings: EvaluationSettings
) -> tuple[Comparison, ...]:
    """Compare candidates with a baseline, all measured with the same judgments and measures.

    Args:
        baseline: what is there.
        candidates: what could replace it.
        settings: confidence, resamples, seed.
    """
    comparisons = [_compared(baseline, candidate, settings) for candidate in candidates]
    adjusted = [
        holm_adjusted([comparison.measures[place].p_value for comparison in comparisons])
        for place in range(len(baseline.measures))
    ]
    return tuple(
        replace(
            comparison,
            measures=tuple(
                replace(difference, adjusted_p_value=adjusted[place][number])
                for place, difference in enumerate(comparison.measures)
            ),
        )
        for number, comparison in enumerate(comparisons)
    )


def query_differences(
    baseline: Evaluation, candidate: Evaluation, measure: Measure
) -> tuple[float, ...]:
    """Return candidate less baseline for each measured query, in the queries' order."""
    before, after = baseline.values[measure], candidate.values[measure]
    return tuple(after[query.key] - before[query.key] for query in baseline.queries)


def _compared(
    baseline: Evaluation, candidate: Evaluation, settings: EvaluationSettings
) -> Comparison:
    deciding = baseline.measures[0]
    return Comparison(
        baseline=baseline,
        candidate=candidate,
        measure=deciding,
        confidence=settings.confidence,
        measures=tuple(
            _measure_difference(baseline, candidate, measure, settings)
            for measure in baseline.measures
        ),
        queries=_query_differences(baseline, candidate, deciding),
        classes=_class_differences(baseline, candidate, deciding),
    )


def _measure_difference(
    baseline: Evaluation, candidate: Evaluation, measure: Measure, settings: EvaluationSettings
) -> MeasureDifference:
    differences = query_differences(baseline, candidate, measure)
    p_value = randomisation_p_value(differences, resamples=settings.resamples, seed=settings.seed)
    wins = sum(each > _TIE for each in differences)
    losses = sum(each < -_TIE for each in differences)
    return MeasureDifference(
        measure=measure,
        baseline_mean=baseline.mean(measure),
        candidate_mean=candidate.mean(measure),
        difference=sum(differences) / len(differences),
        interval=bootstrap_interval(
            differences,
            confidence=settings.confidence,
            resamples=settings.resamples,
            seed=settings.seed,
        ),
        p_value=p_value,
        adjusted_p_value=p_value,
        wins=wins,
        losses=losses,
        ties=len(differences) - wins - losses,
    )


def _query_differences(
    baseline: Evaluation, candidate: Evaluation, measure: Measure
) -> tuple[QueryDifference, ...]:
    depth = measure.cutoff or _SHOWN_WITHOUT_CUTOFF
    found = [
        QueryDifference(
            query=query,
            baseline_value=baseline.values[measure][query.key],
            candidate_value=candidate.values[measure][query.key],
            difference=difference,
            moved=moved_hits(baseline, candidate, query, depth),
        )
        for query, difference in zip(
            baseline.queries, query_differences(baseline, candidate, measure), strict=True
        )
    ]
    return tuple(sorted(found, key=lambda each: (-each.difference, each.query.key)))


def moved_hits(
    baseline: Evaluation, candidate: Evaluation, query: JudgedQuery, depth: int
) -> tuple[MovedHit, ...]:
    """Return the products of either's first `depth` hits whose rank is another."""
    before, after = baseline.run.ranking(query), candidate.run.ranking(query)
    ranks_before = {product_id: rank for rank, product_id in enumerate(before, start=1)}
    ranks_after = {product_id: rank for rank, product_id in enumerate(after, start=1)}
    shown = _shown(baseline, query) | _shown(candidate, query)
    grades = baseline.judgments.grades(query)
    moved = [
        MovedHit(
            hit=shown.get(product_id, ShownHit(product_id=product_id)),
            grade=grades.get(product_id),
            rank_before=ranks_before.get(product_id),
            rank_after=ranks_after.get(product_id),
        )
        for product_id in dict.fromkeys((*after[:depth], *before[:depth]))
        if ranks_before.get(product_id) != ranks_after.get(product_id)
    ]
    return tuple(sorted(moved, key=lambda each: 0 if each.grade is None else -1 - each.grade))


def _shown(evaluation: Evaluation, query: JudgedQuery) -> dict[str, ShownHit]:
    answer = evaluation.run.answers.get(query.key)
    return {hit.product_id: hit for hit in answer.shown} if answer else {}


def _class_differences(
    baseline: Evaluation, candidate: Evaluation, measure: Measure
) -> tuple[ClassDifference, ...]:
    before, after = baseline.values[measure], candidate.values[measure]
    differences = []
    runs = (baseline.run, candidate.run)
    for dimension, classes in query_classes(baseline.queries, runs).items():
        for name, queries in classes.items():
            baseline_mean = sum(before[query.key] for query in queries) / len(queries)
            candidate_mean = sum(after[query.key] for query in queries) / len(queries)
            differences.append(
                ClassDifference(
                    dimension=dimension,
                    name=name,
                    queries=len(queries),
                    baseline_mean=baseline_mean,
                    candidate_mean=candidate_mean,
                    difference=candidate_mean - baseline_mean,
                )
            )
    return tuple(differences)
