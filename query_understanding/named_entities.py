"""What the words name: brands, kinds of product, values of attributes, products that others fit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from query_understanding.entities import belonging_attributes, meant_values
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import Unit, phrase_of, units
from search_core import NamedEntity, QueryPlan

_LONGEST_PHRASE = 6
"""Units: longer names are rare, and each length is looked up at each place."""

_MOST_UNITS = 100
"""Of a text that are read: more was pasted."""


class NamedEntityRewriter:
    """Changes nothing that is searched: the plan says what was recognised, and as what."""

    name = "entity_names"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Name them; see `Rewriter`."""
        found = tuple(_named(plan.text, catalogue.lexicon))
        return replace(plan, entities=found) if found else plan


def _named(text: str, lexicon: Lexicon) -> Iterator[NamedEntity]:
    """Yield entities from left to right, the longest first at each place."""
    if lexicon.is_empty:
        return
    found = units(text)[:_MOST_UNITS]
    belonging = belonging_attributes(text, lexicon)
    place = 0
    while place < len(found):
        for count in range(min(_LONGEST_PHRASE, len(found) - place), 0, -1):
            stretch = found[place : place + count]
            meant = _meaning(stretch, belonging, lexicon)
            if meant:
                words = text[stretch[0].start : stretch[-1].end]
                yield from (NamedEntity(words=words, field=each, value=value)
                            for each, value in meant)  # fmt: skip
                place += count - 1
                break
        place += 1


def _meaning(
    stretch: Sequence[Unit], belonging: frozenset[str] | None, lexicon: Lexicon
) -> list[tuple[str, str]]:
    """Return fields and values that a stretch of words is the name of."""
    key = phrase_of([each.text for each in stretch])
    brand = lexicon.brands.get(key)
    if brand is not None:
        return [("brand", brand.name)]
    fitted = lexicon.fitted.get(key)
    if fitted:
        # What fits a product names it: a case for it, toner of it.
        return [(fitted[0].attribute, fitted[0].value)]
    kinds = lexicon.kind_places.get(key, ())
    if kinds:
        kind = lexicon.kinds[kinds[0]]
        return [(kind.field, kind.name)]
    return [(each.attribute, each.value) for each in meant_values(stretch, belonging, lexicon)]
