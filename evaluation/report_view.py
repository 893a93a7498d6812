"""What the report's page shows, ready to be printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.comparison import Comparison, QueryDifference
from evaluation.judgments import JudgedQuery
from evaluation.measures import Evaluation, Measure, measure_run
from evaluation.run import ShownHit

LIST_DEPTH = 10
"""Hits of each ranking that are listed."""
_CUTOFFS = (1, 3, 5, 10, 20, 50)
_EXPLAINED = 5
"""Greatest wins, and as many losses, whose moved hits are explained: explanations are long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedHit:
    """One line of a ranking."""

    rank: int
    product_id: str
    title: str
    grade: int | None
    """`None`: not judged."""
    move: int | None
    """Places climbed since the baseline; `None`: the baseline does not list it. 0 in the baseline's
    own ranking."""
    explanation: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingColumn:
    """One system's answer to a query."""

    system: str
    value: float
    difference: float | None
    """From the baseline; `None`: it is the baseline."""
    hits: tuple[RankedHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryView:
    """One query and what each system answers to it."""

    query: JudgedQuery
    columns: tuple[RankingColumn, ...]
    swing: float
    """The difference that is largest in size, over the systems."""


def query_views(
    evaluations: Sequence[Evaluation], comparisons: Sequence[Comparison]
) -> tuple[QueryView, ...]:
    """Return every measured query with its rankings, the greatest win first."""
    baseline = evaluations[0]
    measure = baseline.measures[0]
    differences: dict[str, dict[str, float]] = {query.key: {} for query in baseline.queries}
    explained: set[str] = set()
    for comparison in comparisons:
        explained |= _extreme(comparison.queries)
        for each in comparison.queries:
            differences[each.query.key][comparison.candidate.name] = each.difference
    views = [
        QueryView(
            query=query,
            columns=tuple(
                _column(
                    evaluation,
                    baseline,
                    query,
                    measure,
                    differences[query.key].get(evaluation.name),
                    explain=query.key in explained,
                )
                for evaluation in evaluations
            ),
            swing=max(differences[query.key].values(), key=abs, default=0.0),
        )
        for query in baseline.queries
    ]
    return tuple(sorted(views, key=lambda view: (-view.swing, view.query.text)))


def means_by_depth(
    evaluations: Sequence[Evaluation],
) -> tuple[str, Mapping[str, Mapping[int, float]]] | None:
    """Return the deciding measure at growing cut-offs for each system.

    Returns:
        The measure's name without its cut-off, and system → cut-off → mean; `None` for a measure
        without a cut-off.
    """
    deciding = evaluations[0].measures[0]
    if deciding.cutoff is None:
        return None
    family = deciding.name.rpartition("@")[0]
    depths = [each.run.depth for each in evaluations if each.run.depth is not None]
    cutoffs = [each for each in _CUTOFFS if each <= min(depths, default=_CUTOFFS[-1])]
    measures = [Measure.parse(f"{family}@{cutoff}") for cutoff in cutoffs]
    means = {}
    for evaluation in evaluations:
        measured = measure_run(evaluation.run, evaluation.judgments, measures)
        means[evaluation.name] = {
            cutoff: measured.mean(measure)
            for cutoff, measure in zip(cutoffs, measures, strict=True)
        }
    return family, means


def _extreme(queries: Sequence[QueryDifference]) -> set[str]:
    return {each.query.key for each in (*queries[:_EXPLAINED], *queries[-_EXPLAINED:])}


def _column(
    evaluation: Evaluation,
    baseline: Evaluation,
    query: JudgedQuery,
    measure: Measure,
    difference: float | None,
    *,
    explain: bool,
) -> RankingColumn:
    before = {
        product_id: rank
        for rank, product_id in enumerate(baseline.run.ranking(query)[:LIST_DEPTH], start=1)
    }
    grades = evaluation.judgments.grades(query)
    answer = evaluation.run.answers.get(query.key)
    shown = {hit.product_id: hit for hit in answer.shown} if answer else {}
    hits = []
    for rank, product_id in enumerate(evaluation.run.ranking(query)[:LIST_DEPTH], start=1):
        hit = shown.get(product_id, ShownHit(product_id=product_id))
        move = before[product_id] - rank if product_id in before else None
        hits.append(
            RankedHit(
                rank=rank,
                product_id=product_id,
                title=hit.title,
                grade=grades.get(product_id),
                move=move,
                explanation=hit.explanation if explain and move != 0 else (),
            )
        )
    return RankingColumn(
        system=evaluation.name,
        value=evaluation.values[measure][query.key],
        difference=difference,
        hits=tuple(hits),
    )
