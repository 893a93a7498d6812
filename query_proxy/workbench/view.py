"""Everything that the template of the workbench fills in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from query_proxy.error_responses import told_failure
from query_proxy.search_page.numbers import number_text, price_text
from query_proxy.search_page.reasons import Reasons, reasons
from query_proxy.search_page.texts import PageTexts
from query_proxy.search_page.view import Link, UnknownFilter
from query_proxy.workbench.address import WorkbenchAddress
from query_proxy.workbench.comparison import DEPTH, Comparison, Placed, Side
from query_proxy.workbench.texts import WorkbenchTexts
from search_core import QueryPlan

_BY_RELEVANCE, _BROWSING = "relevance", "popularity:desc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One product of a list."""

    id: str
    rank: int
    title: str
    language: str | None
    facts: str
    """Brand, price, product number."""
    movement: str | None
    """`None`: nothing is compared."""
    direction: str
    """`up`, `down`, `new`, `gone` or `same`."""
    grade: int | None
    """`None`: not rated."""
    reasons: Reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One of the rankings."""

    heading: str
    count: str
    rows: tuple[Row, ...]
    understood: tuple[str, ...]
    """What was read into the words; empty: nothing."""
    decorations: tuple[str, ...]
    degraded: tuple[str, ...]
    rated: int


def columns(
    comparison: Comparison,
    grades: Mapping[str, int],
    texts: PageTexts,
    own: WorkbenchTexts,
) -> tuple[Column, ...]:
    """Return the rankings as the page shows them.

    Args:
        comparison: what was found.
        grades: product id → grade.
        texts: of the search page.
        own: of the workbench.
    """
    made = [_column(comparison.now, own.now, grades, texts, own, earlier=False)]
    if comparison.changed is not None:
        made.append(_column(comparison.changed, own.changed, grades, texts, own, earlier=True))
        return tuple(made)
    return (_without_movement(made[0]),)


def unknown_filters(
    comparison: Comparison, address: WorkbenchAddress, texts: PageTexts
) -> tuple[UnknownFilter, ...]:
    """Return what is told of filters by a name that no product has.

    Args:
        comparison: what was found.
        address: what was asked for.
        texts: of the search page.
    """
    return tuple(
        UnknownFilter(
            text=texts.unknown_name.format(name=unknown.name),
            # Written as a filter needs it, not as a shopper reads it.
            near=tuple(
                Link(text=each, url=address.renamed(unknown.name, each).url)
                for each in unknown.near
            ),
        )
        for unknown in comparison.unknown_names
    )


def _column(
    side: Side,
    heading: str,
    grades: Mapping[str, int],
    texts: PageTexts,
    own: WorkbenchTexts,
    *,
    earlier: bool,
) -> Column:
    response = side.response
    hits = [each.hit for each in side.shown]
    sort = _BY_RELEVANCE if response.plan.text else _BROWSING
    rows = []
    for placed in side.shown:
        product = placed.hit.document
        direction, movement = _movement(placed, own, earlier=earlier)
        rows.append(
            Row(
                id=placed.hit.product_id,
                rank=placed.hit.rank,
                title=str(product["title"]),
                language=product.get("language"),
                facts=" · ".join(_facts(placed, texts)),
                movement=movement,
                direction=direction,
                grade=grades.get(placed.hit.product_id),
                reasons=reasons(placed.hit, placed.following, hits, sort, texts),
            )
        )
    return Column(
        heading=heading,
        count=own.found.format(count=number_text(response.total, texts)),
        rows=tuple(rows),
        understood=_understood(response.plan, own),
        decorations=response.plan.decorations,
        degraded=tuple(map(told_failure, response.degraded)),
        rated=sum(row.grade is not None for row in rows),
    )


def _without_movement(column: Column) -> Column:
    rows = tuple(replace(row, movement=None, direction="same") for row in column.rows)
    return replace(column, rows=rows)


def _movement(placed: Placed, own: WorkbenchTexts, *, earlier: bool) -> tuple[str, str]:
    """Return direction and words; of a hit with the change, where it stood; else where it goes."""
    rank, other = placed.hit.rank, placed.elsewhere
    if other == rank:
        return "same", own.stays
    if other is None:
        words = (own.new if earlier else own.leaves).format(depth=DEPTH)
        return "new" if earlier else "gone", words
    if not earlier:
        return "up" if other < rank else "down", own.goes_to.format(rank=other)
    if other > rank:
        return "up", own.climbed.format(by=other - rank, rank=other)
    return "down", own.fell.format(by=rank - other, rank=other)


def _facts(placed: Placed, texts: PageTexts) -> list[str]:
    product = placed.hit.document
    price = product.get("price")
    facts = [str(product["brand"])] if product.get("brand") else []
    if price is not None:
        facts.append(price_text(price, product.get("currency"), texts))
    return [*facts, placed.hit.product_id]


def _understood(plan: QueryPlan, own: WorkbenchTexts) -> tuple[str, ...]:
    steps = [f"{each.rewriter}: {each.message}" for each in plan.log]
    typed = " ".join(plan.original_text.split())
    if plan.text.casefold() != typed.casefold():
        steps.insert(0, own.searched.format(text=plan.text))
    return tuple(steps)
