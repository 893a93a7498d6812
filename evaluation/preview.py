"""Rankings before and after a change, side by side, with what moved and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.judgments import JudgedQuery, Judgments
from evaluation.run import Run, ShownHit


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """One product of either list."""

    hit: ShownHit
    """As it is shown after the change, else as before."""
    grade: int | None
    """`None`: not judged, or no judgments were given."""
    rank_before: int | None
    """`None`: not among the hits asked for."""
    rank_after: int | None
    why: tuple[str, ...]
    """What is said of the hit after the change and was not before; for one that left, what was said
    before. Empty for a hit that did not move."""

    @property
    def moved(self) -> bool:
        """Whether the product stands elsewhere."""
        return self.rank_before != self.rank_after


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPreview:
    """What a change does to one query."""

    query: JudgedQuery
    rows: tuple[PreviewRow, ...]
    """In the order after the change; products that left come last, in their former order."""

    @property
    def moved(self) -> int:
        """How many products stand elsewhere."""
        return sum(row.moved for row in self.rows)


def preview_queries(
    before: Run,
    after: Run,
    queries: Sequence[JudgedQuery],
    judgments: Judgments | None = None,
    size: int = 10,
) -> tuple[QueryPreview, ...]:
    """Set the first hits of two runs side by side.

    Args:
        before: as the search is.
        after: as it would be.
        queries: which ones, in order.
        judgments: for the grades; `None`: there are none.
        size: hits that a shopper sees.
    """
    return tuple(_preview(before, after, query, judgments, size) for query in queries)


def _preview(
    before: Run, after: Run, query: JudgedQuery, judgments: Judgments | None, size: int
) -> QueryPreview:
    old, new = before.ranking(query), after.ranking(query)
    old_ranks = {product_id: rank for rank, product_id in enumerate(old, start=1)}
    new_ranks = {product_id: rank for rank, product_id in enumerate(new, start=1)}
    old_hits, new_hits = _shown(before, query), _shown(after, query)
    grades = judgments.grades(query) if judgments else {}
    rows = []
    for product_id in dict.fromkeys((*new[:size], *old[:size])):
        then, now = old_hits.get(product_id), new_hits.get(product_id)
        rank_before, rank_after = old_ranks.get(product_id), new_ranks.get(product_id)
        rows.append(
            PreviewRow(
                hit=now or then or ShownHit(product_id=product_id),
                grade=grades.get(product_id),
                rank_before=rank_before,
                rank_after=rank_after,
                why=_why(then, now) if rank_before != rank_after else (),
            )
        )
    return QueryPreview(query=query, rows=tuple(rows))


def _shown(run: Run, query: JudgedQuery) -> dict[str, ShownHit]:
    answer = run.answers.get(query.key)
    return {hit.product_id: hit for hit in answer.shown} if answer else {}


def _why(before: ShownHit | None, after: ShownHit | None) -> tuple[str, ...]:
    if after is None:
        return tuple(f"before: {line}" for line in before.explanation) if before else ()
    said = set(before.explanation) if before else set()
    return tuple(line for line in after.explanation if line not in said)
