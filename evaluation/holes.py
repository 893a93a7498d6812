"""Holes: how far a result could move if the unjudged hits had been judged.

A product that nobody rated is unknown, not bad. The bounds here say what the measures would be if
raters were as kind, or as harsh, to the unjudged hits as they can be.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from evaluation.judgments import JudgedQuery
from evaluation.measures import Evaluation, Measure
from evaluation.what_if import Supposition, grade_levels, suppose, unjudged_hits

HOLE_DEPTH = 10
"""Hits that are looked at for holes: what a shopper sees first, and what a rater can rate."""
_MOST_LEVELS = 4
_MOST_GRADINGS = 1_000
"""Gradings tried for one query: all of them for 10 holes and 4 grades (286)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoleBounds:
    """How low and how high one measure could be."""

    measure: Measure
    value: float
    """As measured, mean over the queries."""
    worst: float
    best: float
    by_query: Mapping[str, tuple[float, float]]
    """Query's key → worst and best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holes:
    """The unjudged hits of one run, and what hangs on them."""

    name: str
    depth: int
    unjudged: Mapping[str, tuple[str, ...]]
    """Query's key → unjudged products among the first hits, best first; only queries with any."""
    queries: int
    """Measured queries."""
    bounds: tuple[HoleBounds, ...]

    @property
    def unjudged_a_query(self) -> float:
        """Unjudged hits among the first, mean over the queries."""
        return sum(len(ids) for ids in self.unjudged.values()) / max(1, self.queries)


def find_holes(evaluation: Evaluation, depth: int = HOLE_DEPTH) -> Holes:
    """Bound every measure over the grades that the first unjudged hits could get.

    For each query every way to grade them is tried in which better grades stand higher (for the
    best case) or lower (for the worst case); no other order of the same grades can be better or
    worse. Grades are those given elsewhere in the judgments, at most four of them; for measures
    that look deeper than `depth`, the lowest and the highest. Measures on the judged hits alone and
    shares of judged hits are left out: they are answers to holes themselves.
    """
    measures = tuple(
        measure
        for measure in evaluation.measures
        if not measure.judged_only and measure.condensed() is not None
    )
    holes = {query: unjudged_hits(evaluation, query, depth) for query in evaluation.queries}
    levels = _few(grade_levels(evaluation.judgments))
    shallow = [each for each in measures if each.cutoff is not None and each.cutoff <= depth]
    deep = [each for each in measures if each not in shallow]
    bounds = {
        **_bounds_by(evaluation, holes, levels, shallow),
        **_bounds_by(evaluation, holes, (levels[0], levels[-1]), deep),
    }
    return Holes(
        name=evaluation.name,
        depth=depth,
        unjudged={query.key: ids for query, ids in holes.items() if ids},
        queries=len(evaluation.queries),
        bounds=tuple(bounds[measure] for measure in measures),
    )


def _bounds_by(
    evaluation: Evaluation,
    holes: Mapping[JudgedQuery, tuple[str, ...]],
    levels: tuple[int, ...],
    measures: Sequence[Measure],
) -> dict[Measure, HoleBounds]:
    suppositions = [
        Supposition(query=query, grades=dict(zip(ids, grades, strict=True)))
        for query, ids in holes.items()
        for grades in _gradings(len(ids), levels)
    ]
    queries = [each.query for each in suppositions]
    values = suppose(evaluation, suppositions, measures)
    return {each: _bounds(evaluation, each, queries, values[each]) for each in measures}


def _bounds(
    evaluation: Evaluation, measure: Measure, queries: list[JudgedQuery], values: tuple[float, ...]
) -> HoleBounds:
    by_query: dict[str, tuple[float, float]] = {}
    for query, value in zip(queries, values, strict=True):
        low, high = by_query.get(query.key, (value, value))
        by_query[query.key] = (min(low, value), max(high, value))
    count = len(by_query)
    return HoleBounds(
        measure=measure,
        value=evaluation.mean(measure),
        worst=sum(low for low, _ in by_query.values()) / count,
        best=sum(high for _, high in by_query.values()) / count,
        by_query=by_query,
    )


def _few(levels: tuple[int, ...]) -> tuple[int, ...]:
    """Keep the lowest and the highest grade and two between them."""
    if len(levels) <= _MOST_LEVELS:
        return levels
    step = (len(levels) - 1) / (_MOST_LEVELS - 1)
    return tuple(levels[round(number * step)] for number in range(_MOST_LEVELS))


def _gradings(holes: int, levels: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Give the gradings whose grades fall with rank, and those in which they rise."""
    if math.comb(holes + len(levels) - 1, holes) > _MOST_GRADINGS:
        levels = (levels[0], levels[-1])
    for rising in combinations_with_replacement(levels, holes):
        yield rising
        if rising[::-1] != rising:
            yield rising[::-1]
