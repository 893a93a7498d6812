"""Writes quantities as the catalogue does."""

from collections.abc import Mapping
from dataclasses import replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import replaced
from search_core import Quantity, QueryPlan, quantities

_MOST_FORMS = 2
_MOST_VARIANTS = 3


class QuantityRewriter:
    """Other forms of a quantity become variants; a form that no product has is replaced."""

    name = "quantities"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Find equal quantities; see `Rewriter`."""
        known = catalogue.lexicon.quantities
        for quantity in reversed(tuple(quantities(plan.text))):
            forms = _readable(known.get(quantity.key, {}), quantity.written)
            if not forms:
                continue
            if _glued(quantity.written) in {_glued(form) for form in forms}:
                plan = self._with_variants(plan, quantity, forms)
            else:
                plan = self._replaced(plan, quantity, forms)
        return plan

    def _replaced(self, plan: QueryPlan, quantity: Quantity, forms: Mapping[str, int]) -> QueryPlan:
        best = _by_count(forms)[0]
        text = replaced(plan.text, quantity.start, quantity.end, f" {best} ")
        return replace(plan, text=text).logged(
            self.name, f"{quantity.written!r} is searched as {best!r}"
        )

    def _with_variants(
        self, plan: QueryPlan, quantity: Quantity, forms: Mapping[str, int]
    ) -> QueryPlan:
        others = [form for form in _by_count(forms) if _glued(form) != _glued(quantity.written)]
        for form in others[:_MOST_FORMS]:
            if len(plan.variants) >= _MOST_VARIANTS:
                break
            variant = replaced(plan.text, quantity.start, quantity.end, f" {form} ")
            plan = replace(plan, variants=(*plan.variants, variant)).logged(
                self.name, f"{form!r} matches as well as {quantity.written!r}"
            )
        return plan


def _readable(forms: Mapping[str, int], written: str) -> Mapping[str, int]:
    """Leave out the forms in a script that the shopper did not type."""
    return {form: n for form, n in forms.items() if form.isascii() or not written.isascii()}


def _by_count(forms: Mapping[str, int]) -> list[str]:
    return sorted(forms, key=lambda form: (-forms[form], form))


def _glued(form: str) -> str:
    """Return a form as the index writes it: numbers and units are one term there."""
    for inch in ("inches", "英寸", "吋", '"', "”", "″"):
        form = form.replace(inch, "inch")
    return form.replace(" ", "").replace("-", "")
