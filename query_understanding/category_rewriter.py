"""Says on the plan which categories a query is about, and how likely each is."""

from collections.abc import Mapping
from dataclasses import replace

from query_understanding.category_shares import category_shares, likely_category
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon import Lexicon
from query_understanding.product_kinds import kind_shares, preferring
from query_understanding.product_words import phrase_key
from search_core import CategoryShare, QueryPlan

_MOST_CATEGORIES = 5
_LEAST_SHARE = 0.05
_SURE = 0.5
"""A category that is less likely than all others together is neither named nor preferred."""


class CategoryRewriter:
    """Tells categories, and prefers likely ones where no kind of product is named.

    Where `product_kinds` has something to go by it has the say: it knows names, prices, and what
    belongs to what. Here words of titles speak, all together, also where some of them are unknown.
    """

    name = "categories"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Tell the categories; see `Rewriter`."""
        lexicon = catalogue.lexicon
        named = kind_shares(plan.text, lexicon)
        by_words = category_shares(plan.text, lexicon)
        shares = _blended(named, by_words)
        ranked = sorted(shares, key=lambda place: (-shares[place], place))[:_MOST_CATEGORIES]
        likely = tuple(
            CategoryShare(
                field=lexicon.kinds[place].field,
                name=lexicon.kinds[place].name,
                share=round(shares[place], 3),
            )
            for place in ranked
            if shares[place] >= _LEAST_SHARE
        )
        if not likely:
            return plan
        plan = replace(plan, categories=likely, category=likely_category(shares, lexicon, _SURE))
        if named or max(by_words.values()) < _SURE or _is_a_property(plan.text, lexicon):
            return plan
        return preferring(plan, by_words, self.name, catalogue)


def _is_a_property(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text is what products are like: `ssd` is about no kind that has one."""
    return phrase_key(text) in lexicon.values


def _blended(named: Mapping[int, float], by_words: Mapping[int, float]) -> Mapping[int, float]:
    """Return the mean of both: queries say names more often than titles do."""
    if not named:
        return by_words
    places = named.keys() | by_words.keys()
    return {place: (named.get(place, 0.0) + by_words.get(place, 0.0)) / 2 for place in places}
