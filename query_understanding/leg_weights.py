"""Weights of the legs by the class of query: a description is found by its meaning."""

from dataclasses import replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import is_cjk, units
from search_core import LegFactor, QueryPlan

_DENSE = "dense"
_FACTORS = ((4, 2.0), (3, 1.5))
"""Words from which a text is a description → what the k-NN leg's weight is multiplied by. Source:
docs/query_understanding.md: cross-validated on the sample shop, without effect on the electronics
judgments. Other classes (codes, numbers, one word, Chinese) gained nothing on held-out queries."""


class LegWeightRewriter:
    """Gives the k-NN leg more weight for descriptions in words."""

    name = "leg_weights"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Weigh the legs; see `Rewriter`."""
        del catalogue
        factor = _factor(plan.text)
        if factor is None:
            return plan
        return replace(plan, leg_factors=(LegFactor(leg=_DENSE, factor=factor),)).logged(
            self.name, f"a description: closeness in meaning counts {factor:g} times as much"
        )


def _factor(text: str) -> float | None:
    """Return the factor of a text; `None`: it is no description."""
    if is_cjk(text) or any(each.isdigit() for each in text):
        return None
    words = len(units(text))
    return next((factor for least, factor in _FACTORS if words >= least), None)
