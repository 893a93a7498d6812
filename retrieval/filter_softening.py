"""Inferred filters that leave too little become boosts: a guess never empties a page."""

from dataclasses import replace

from retrieval.filter_words import filter_words
from search_core import Filter, QueryPlan

FEW_MATCHES = 10
"""Fewer products than a page has: then a guess is no reason to show nothing beside them."""


def applied_filters(plan: QueryPlan) -> tuple[Filter, ...]:
    """Return what the legs filter by: what was asked for, and what was understood."""
    return (*plan.filters, *(each.filter for each in plan.inferred_filters))


def softened(plan: QueryPlan) -> QueryPlan:
    """Return the plan with its inferred filters as boosts, which its log says."""
    given_up = "; ".join(filter_words(each.filter) for each in plan.inferred_filters)
    return replace(
        plan,
        inferred_filters=(),
        boosts=(*plan.boosts, *(each.as_boost() for each in plan.inferred_filters)),
    ).logged(
        "inferred_filters",
        f"Hardly any product matches the words and also: {given_up}; such products come first.",
    )
