"""Judgment lists as a whole: what is in them, several joined, one divided."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from evaluation.judgments import JudgedQuery, Judgment, Judgments
from search_core import JudgmentsError


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentStatistics:
    """What a judgment list holds."""

    queries: int
    judgments: int
    products: int
    grades: Mapping[int, int]
    """Grade → judgments, ascending."""
    median_judgments: float
    """Of a query."""
    median_relevant: float
    """Products of grade 1 or more of a query."""
    without_relevant: tuple[JudgedQuery, ...]
    """Queries that cannot be measured."""
    same_grade: tuple[JudgedQuery, ...]
    """Queries whose judged products all have one grade of 1 or more: order cannot matter."""


def judgment_statistics(judgments: Judgments) -> JudgmentStatistics:
    """Count what a judgment list holds."""
    by_query = [judgments.grades(query) for query in judgments.queries]
    return JudgmentStatistics(
        queries=len(judgments.queries),
        judgments=len(judgments),
        products=len(judgments.product_ids()),
        grades=dict(sorted(Counter(each.grade for each in judgments).items())),
        median_judgments=float(median(len(grades) for grades in by_query)) if by_query else 0.0,
        median_relevant=(
            float(median(sum(grade > 0 for grade in grades.values()) for grades in by_query))
            if by_query
            else 0.0
        ),
        without_relevant=judgments.without_relevant(),
        same_grade=tuple(
            query
            for query in judgments.measurable()
            if len(set(judgments.grades(query).values())) == 1
        ),
    )


class Conflict(StrEnum):
    """What becomes of a pair that several lists grade differently."""

    ERROR = "error"
    FIRST = "first"
    """The grade of the list named first."""
    LAST = "last"
    HIGHEST = "highest"
    LOWEST = "lowest"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedJudgments:
    """Several lists as one."""

    judgments: Judgments
    conflicts: tuple[str, ...]
    """Pairs graded differently, as sentences."""
    agreed: int
    """Pairs to which several lists gave the same grade."""


def merge_judgments(lists: Sequence[Judgments], conflict: Conflict) -> MergedJudgments:
    """Join lists.

    Args:
        lists: in the order of preference.
        conflict: which grade counts when they differ.

    Raises:
        JudgmentsError: they differ, and `conflict` is `ERROR`.
    """
    merged: dict[tuple[str, str], Judgment] = {}
    conflicts: list[str] = []
    agreed = 0
    for judgment in (judgment for judgments in lists for judgment in judgments):
        pair = (judgment.query.key, judgment.product_id)
        known = merged.setdefault(pair, judgment)
        if known is judgment:
            continue
        if known.grade == judgment.grade:
            agreed += 1
            continue
        conflicts.append(
            f"{judgment.query.text!r}, {judgment.product_id}: {known.grade} and {judgment.grade}"
        )
        merged[pair] = _chosen(known, judgment, conflict)
    if conflicts and conflict is Conflict.ERROR:
        raise JudgmentsError(
            f"{len(conflicts)} products have different grades, the first: {conflicts[0]}",
            remedy="--conflict first, last, highest or lowest says which counts",
        )
    return MergedJudgments(
        judgments=Judgments.of(merged.values()), conflicts=tuple(conflicts), agreed=agreed
    )


def split_judgments(
    judgments: Judgments, share: float, seed: int = 0
) -> tuple[Judgments, Judgments]:
    """Divide a list by queries, at random: what is tuned on one part is checked on the other.

    Args:
        judgments: what is divided.
        share: of the queries that go into the second part, above 0 and below 1.
        seed: equal seeds divide equally.

    Raises:
        JudgmentsError: a part would have no query.
    """
    queries = list(judgments.queries)
    held_out = round(share * len(queries))
    if not 0 < held_out < len(queries):
        raise JudgmentsError(
            f"{len(queries)} queries cannot be divided so that {share:g} of them stand apart",
            remedy="give a share that leaves a query on each side",
        )
    second = set(random.Random(seed).sample(queries, held_out))  # noqa: S311 - repeatable, no secret
    first = [query for query in queries if query not in second]
    return judgments.only(first), judgments.only(second)


def _chosen(known: Judgment, other: Judgment, conflict: Conflict) -> Judgment:
    if conflict is Conflict.LAST:
        return other
    if conflict is Conflict.HIGHEST:
        return max(known, other, key=lambda each: each.grade)
    if conflict is Conflict.LOWEST:
        return min(known, other, key=lambda each: each.grade)
    return known
