"""Inferred filters that leave too little become boosts: a guess never empties a page."""

from collections.abc import Sequence
from dataclasses import replace

from retrieval.filter_words import filter_words
from search_core import Boost, Filter, QueryPlan, TermFilter

FEW_MATCHES = 10
"""Fewer products than a page has: then a guess is no reason to show nothing beside them."""


_FIRST = 14.5
"""Beside the boost for passing (0.7) it puts the last candidate of both BM25 legs above the first
of all three: 16.2 · (1 + 0.5) / (60 + 209) against 1.35 · (1 + 0.5 + 2.5) / (60 + 1), with the
settings' defaults, the k-NN leg at its greatest weight and a kind preferred. More would leave a
cross-encoder alone with the others.
"""


def applied_filters(plan: QueryPlan) -> tuple[Filter, ...]:
    """Return what the legs filter by: what was asked for, and what was understood."""
    return (*plan.filters, *(each.filter for each in plan.inferred_filters))


def softened(plan: QueryPlan, passing: Sequence[str] = ()) -> QueryPlan:
    """Return the plan with its inferred filters as boosts, which its log says.

    Args:
        plan: with filters that leave too little.
        passing: ids of the products that have every word and pass them: these come first.
    """
    given_up = "; ".join(filter_words(each.filter) for each in plan.inferred_filters)
    boosts = [each.as_boost() for each in plan.inferred_filters]
    if passing:
        found = TermFilter(field="id", values=tuple(passing), exact=True)
        reason = f"has every word, and {given_up}"
        boosts.append(Boost(filter=found, weight=_FIRST, reason=reason))
    return replace(plan, inferred_filters=(), boosts=(*plan.boosts, *boosts)).logged(
        "inferred_filters",
        f"Hardly any product matches the words and also: {given_up}; such products "
        f"{'come first' if passing else 'would be preferred'}.",
    )
