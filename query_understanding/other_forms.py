"""Searches words in the other form that the catalogue has for them as well."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import replaced, units
from search_core import QueryPlan

_MOST_VARIANTS = 3
"""Each wording is another clause of each BM25 leg."""


class OtherFormRewriter:
    """Adds one variant of the text, with every word that has another form written in that."""

    def __init__(self, name: str, forms: Callable[[Lexicon], Mapping[str, str]]) -> None:
        """Take what tells the forms.

        Args:
            name: of the unit.
            forms: folded word → its other form.
        """
        self.name = name
        self._forms = forms

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Add the variant; see `Rewriter`."""
        forms = self._forms(catalogue.lexicon)
        known = [each for each in units(plan.text) if each.text in forms]
        if not known or len(plan.variants) >= _MOST_VARIANTS:
            return plan
        variant = plan.text
        for each in reversed(known):
            variant = replaced(variant, each.start, each.end, forms[each.text])
        said = ", ".join(f"{each.text!r} as {forms[each.text]!r}" for each in known)
        return replace(plan, variants=(*plan.variants, variant)).logged(
            self.name, f"products are found that write {said}"
        )


def plural_rewriter() -> OtherFormRewriter:
    """Return the unit for `books` and `book`, where the index takes them for two words."""
    return OtherFormRewriter("plurals", lambda lexicon: lexicon.number_forms)


def acronym_rewriter() -> OtherFormRewriter:
    """Return the unit for an `ssd` that titles call a `solid state drive`."""
    return OtherFormRewriter("acronyms", lambda lexicon: lexicon.written_out)
