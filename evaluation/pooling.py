"""Which unjudged hits to have rated, so that a comparison is settled with the fewest ratings."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.holes import HOLE_DEPTH
from evaluation.judgments import JudgedQuery
from evaluation.measures import Evaluation, Measure
from evaluation.what_if import Supposition, grade_levels, suppose, unjudged_hits
from search_core import EvaluationError


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledHit:
    """An unjudged hit, and how much its rating could move."""

    query: JudgedQuery
    product_id: str
    title: str
    effect: float
    """How far the difference of the means moves if the hit gets the highest grade instead of 0; of
    one run alone, how far its mean moves. Largest over the comparisons."""
    ranks: Mapping[str, int]
    """Run's name → rank there; only the runs that show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The unjudged hits, those that matter most first."""

    measure: Measure
    hits: tuple[PooledHit, ...]
    difference: float | None
    """Between the last run and the first, as measured; `None` when there is one run."""
    settled_by: int | None
    """So many ratings from the top make it unlikely that the rest turns the difference round: what
    is left could no longer do it, if those rated do not. `None` for one run."""


def pool_hits(evaluations: Sequence[Evaluation], measure: Measure, depth: int = HOLE_DEPTH) -> Pool:
    """Rank the unjudged hits by how much their rating would move the comparison.

    Each hit's effect is measured, not guessed: the queries are measured again as if it alone had
    the highest grade. Hits that all runs show at the same rank move nothing but the ideal ranking,
    and come last.

    Args:
        evaluations: of the same judgments. With several, each is compared to the first.
        measure: what is to be settled, e.g. `nDCG@10`.
        depth: hits of each run that are looked at.

    Raises:
        EvaluationError: no evaluation, or one that did not compute the measure.
    """
    if not evaluations or any(measure not in each.values for each in evaluations):
        raise EvaluationError(
            f"{measure} was not computed for every run", remedy=f"add --measure {measure}"
        )
    top_grade = grade_levels(evaluations[0].judgments)[-1]
    candidates = _unjudged(evaluations, depth)
    suppositions = [
        Supposition(query=query, grades={product_id: top_grade}) for query, product_id in candidates
    ]
    changes = [_changes(each, suppositions, measure) for each in evaluations]
    effects = _effects(changes)
    hits = [
        PooledHit(
            query=query,
            product_id=product_id,
            title=_title(evaluations, query, product_id),
            effect=effect,
            ranks=_ranks(evaluations, query, product_id, depth),
        )
        for (query, product_id), effect in zip(candidates, effects, strict=True)
    ]
    hits.sort(key=lambda each: (-each.effect, each.query.text, each.product_id))
    difference = (
        evaluations[-1].mean(measure) - evaluations[0].mean(measure)
        if len(evaluations) > 1
        else None
    )
    return Pool(
        measure=measure,
        hits=tuple(hits),
        difference=difference,
        settled_by=None if difference is None else _settled_by(hits, abs(difference)),
    )


def pool_csv(hits: Iterable[PooledHit]) -> str:
    """Return hits as a CSV that Quepid imports: rating is empty, the title helps the rater."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["query", "docid", "rating", "title"])
    for hit in hits:
        writer.writerow([hit.query.text, hit.product_id, "", hit.title])
    return text.getvalue()


def _unjudged(evaluations: Sequence[Evaluation], depth: int) -> list[tuple[JudgedQuery, str]]:
    found: dict[tuple[JudgedQuery, str], None] = {}
    for query in evaluations[0].queries:
        for evaluation in evaluations:
            for product_id in unjudged_hits(evaluation, query, depth):
                found[query, product_id] = None
    return list(found)


def _changes(
    evaluation: Evaluation, suppositions: Sequence[Supposition], measure: Measure
) -> list[float]:
    """Return how far a run's mean moves by each supposition."""
    supposed = suppose(evaluation, suppositions, [measure])[measure]
    now = evaluation.values[measure]
    return [
        (value - now[each.query.key]) / len(evaluation.queries)
        for each, value in zip(suppositions, supposed, strict=True)
    ]


def _effects(changes: Sequence[Sequence[float]]) -> list[float]:
    first, *others = changes
    if not others:
        return [abs(change) for change in first]
    return [
        max(abs(other[index] - change) for other in others) for index, change in enumerate(first)
    ]


def _settled_by(hits: Sequence[PooledHit], difference: float) -> int:
    left = sum(hit.effect for hit in hits)
    for rated, hit in enumerate(hits):
        if left < difference:
            return rated
        left -= hit.effect
    return len(hits)


def _title(evaluations: Sequence[Evaluation], query: JudgedQuery, product_id: str) -> str:
    for evaluation in evaluations:
        answer = evaluation.run.answers.get(query.key)
        for hit in answer.shown if answer else ():
            if hit.product_id == product_id and hit.title:
                return hit.title
    return ""


def _ranks(
    evaluations: Sequence[Evaluation], query: JudgedQuery, product_id: str, depth: int
) -> dict[str, int]:
    rankings = {each.name: each.run.ranking(query)[:depth] for each in evaluations}
    return {
        name: ranking.index(product_id) + 1
        for name, ranking in rankings.items()
        if product_id in ranking
    }
