"""Says on the plan which categories a query is about, and how likely each is."""

from collections.abc import Mapping
from dataclasses import replace

from query_understanding.categories.category_shares import (
    category_shares,
    likely_category,
)
from query_understanding.categories.product_kinds import kind_shares, preferring
from query_understanding.categories.transformer_categories import TransformerCategories
from query_understanding.denied_words import without_denied
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import is_cjk, phrase_key
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

    def __init__(self, model: TransformerCategories | None = None) -> None:
        """Take a model that was trained for the shop; `None`: the words of titles are counted."""
        self._model = model

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Tell the categories; see `Rewriter`."""
        lexicon = catalogue.lexicon
        named = kind_shares(plan.text, lexicon)
        by_words = self._by_words(plan.text, catalogue)
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
        readable = _readable(by_words, plan.text, lexicon)
        sure = max(readable.values(), default=0.0) >= _SURE
        if named or not sure or _is_a_property(plan.text, lexicon):
            return plan
        return preferring(plan, readable, self.name, catalogue)

    def _by_words(self, text: str, catalogue: KnownCatalogue) -> Mapping[int, float]:
        lexicon = catalogue.lexicon
        if self._model is None:
            return category_shares(without_denied(text, lexicon), lexicon)
        numbers = catalogue.kind_numbers
        shares = self._model.mixed_shares(text, lexicon)
        return {numbers[kind]: each for kind, each in shares.items() if kind in numbers}


def _readable(shares: Mapping[int, float], text: str, lexicon: Lexicon) -> Mapping[int, float]:
    """Return the shares of the kinds that who typed the text can read, with the same sum.

    Who types no Chinese does not read it either: half a preference for its kinds is one half lost.
    """
    if is_cjk(text):
        return shares
    kept = {place: each for place, each in shares.items() if not is_cjk(lexicon.kinds[place].name)}
    gain = sum(shares.values()) / sum(kept.values()) if kept else 0.0
    return {place: share * gain for place, share in kept.items()}


def _is_a_property(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text is what products are like: `ssd` is about no kind that has one."""
    return phrase_key(text) in lexicon.values


def _blended(named: Mapping[int, float], by_words: Mapping[int, float]) -> Mapping[int, float]:
    """Return the mean of both: queries say names more often than titles do."""
    if not named:
        return by_words
    places = named.keys() | by_words.keys()
    return {place: (named.get(place, 0.0) + by_words.get(place, 0.0)) / 2 for place in places}
