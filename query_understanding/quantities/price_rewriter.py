"""Prices in the text become filters, and words like `cheap` preferences."""

import re
from dataclasses import replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import without
from query_understanding.quantities.counted_things import counted_things
from query_understanding.quantities.price_expressions import PriceExpression, price_expressions
from search_core import Boost, InferredFilter, QueryPlan, RangeFilter

_FILTER_TURNED_BOOST = 0.7
"""Enough to pass what costs too much, too little to lift what is hardly about the words."""
_CHEAP_WEIGHT = 0.2
"""Small: `cheap` is a wish about price, not about what the thing is."""

_CHEAP = re.compile(
    r"\b(?:cheap(?:er|est)?|inexpensive|affordable|low[- ]cost|budget)\b"
    r"|(?:便宜|平价|实惠|低价)的?",
    re.IGNORECASE,
)
LEFT_OVER = re.compile(r"\s*(?:\b(?:for|at|with)|的|,|，)\s*$", re.IGNORECASE)
"""What leads to a number, and stands alone without it."""


class PriceRewriter:
    """`under 500`, `$20-30`, 500元以下, `cheap`."""

    name = "price"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Take prices out of the text; see `Rewriter`."""
        lexicon = catalogue.lexicon
        if lexicon.cheap_price is None:
            return plan  # nothing to filter by
        found = _prices(plan.text, catalogue)
        if found:
            plan = self._filtered(plan, found)
        return self._cheap(plan, lexicon)

    def _filtered(self, plan: QueryPlan, found: tuple[PriceExpression, ...]) -> QueryPlan:
        rest = without(plan.text, [(each.start, each.end) for each in found])
        inferred = tuple(
            InferredFilter(
                filter=each.range,
                weight=_FILTER_TURNED_BOOST,
                reason=plan.text[each.start : each.end].strip(),
            )
            for each in found
        )
        read = ", ".join(f"{each.reason!r} as {_words(each.filter)}" for each in inferred)
        return replace(
            plan,
            text=LEFT_OVER.sub("", rest),
            inferred_filters=(*plan.inferred_filters, *inferred),
        ).logged(self.name, f"read {read}")

    def _cheap(self, plan: QueryPlan, lexicon: Lexicon) -> QueryPlan:
        match = _CHEAP.search(plan.text)
        if match is None or lexicon.cheap_price is None:
            return plan
        rest = without(plan.text, [match.span()])
        if not rest:
            return plan
        boost = Boost(
            filter=RangeFilter(field="price", at_most=lexicon.cheap_price),
            weight=_CHEAP_WEIGHT,
            reason=match[0],
        )
        return replace(plan, text=rest, boosts=(*plan.boosts, boost)).logged(
            self.name, f"{match[0]!r} prefers prices up to {lexicon.cheap_price:g}"
        )


def says_a_price(text: str) -> bool:
    """Say whether some words of a text are read as a price, or as a wish about it."""
    return bool(price_expressions(text)) or _CHEAP.search(text) is not None


def _prices(text: str, catalogue: KnownCatalogue) -> tuple[PriceExpression, ...]:
    """Return the prices; a bare number of something that the catalogue counts is none."""
    found = price_expressions(text)
    counted = () if all(each.certain for each in found) else counted_things(
        text, catalogue.counted_names
    )  # fmt: skip
    return tuple(
        each
        for each in found
        if each.certain
        or not any(each.start < other.end and other.start < each.end for other in counted)
    )


def _words(bounds: object) -> str:
    if not isinstance(bounds, RangeFilter):
        return str(bounds)
    given = (
        ("over", bounds.greater_than),
        ("at least", bounds.at_least),
        ("under", bounds.less_than),
        ("at most", bounds.at_most),
    )
    said = " and ".join(f"{word} {bound:g}" for word, bound in given if bound is not None)
    return f"a price {said}"
