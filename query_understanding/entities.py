"""Brands and attribute values in the text become preferences for products that have them."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from query_understanding.categories.product_kinds import kind_shares
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import AttributeValue, Lexicon
from query_understanding.lexicon.product_words import Unit, phrase_of, units
from search_core import Boost, QueryPlan, TermFilter

_LONGEST_PHRASE = 5
"""Units: longer names are rare, and each length is looked up at each place."""
_BRAND_WEIGHT = 0.25
_VALUE_WEIGHT = 0.25
_FEWEST_PRODUCTS = 2
"""A value of one product is as likely a slip of the catalogue as a property."""
_LEAST_SHARE = 0.25
"""Of the products that mention the words, those that have them as the value."""
_LIKELY_KIND = 0.15
_SHARE_OF_MOST_FREQUENT = 0.5
"""An attribute counts when it has the value at least half as often as the most frequent one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entity:
    start: int
    end: int
    boosts: tuple[Boost, ...]


class EntityRewriter:
    """The words stay in the text: a boost only says in which field they are meant."""

    name = "entities"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Find entities; see `Rewriter`."""
        found = tuple(_entities(plan.text, catalogue.lexicon))
        boosts = tuple(boost for each in found for boost in each.boosts)
        if not boosts:
            return plan
        meant = ", ".join(boost.reason for boost in boosts)
        return replace(plan, boosts=(*plan.boosts, *boosts)).logged(
            self.name, f"prefers products of which {meant}"
        )


def _entities(text: str, lexicon: Lexicon) -> Iterator[_Entity]:
    """Yield entities from left to right, the longest first at each place."""
    found = units(text)
    belonging = belonging_attributes(text, lexicon)
    place = 0
    while place < len(found):
        for count in range(min(_LONGEST_PHRASE, len(found) - place), 0, -1):
            stretch = found[place : place + count]
            boosts = _boosts(stretch, belonging, lexicon)
            if boosts:
                yield _Entity(start=stretch[0].start, end=stretch[-1].end, boosts=boosts)
                place += count - 1
                break
        place += 1


def _boosts(
    stretch: tuple[Unit, ...], belonging: AbstractSet[str] | None, lexicon: Lexicon
) -> tuple[Boost, ...]:
    key = phrase_of([each.text for each in stretch])
    if len(stretch) == 1 and not _says_something(stretch[0]):
        return ()
    if key in lexicon.kind_places:
        return ()  # what the thing is comes before what it is like
    brand = lexicon.brands.get(key)
    if brand is not None:
        named = TermFilter(field="brand", values=(brand.name,))
        return (Boost(filter=named, weight=_BRAND_WEIGHT, reason=f"brand is {brand.name}"),)
    return tuple(
        Boost(
            filter=TermFilter(field=value.attribute, values=(value.value,)),
            weight=_VALUE_WEIGHT,
            reason=f"{value.attribute} is {value.value}",
        )
        for value in meant_values(stretch, belonging, lexicon)
    )


def meant_values(
    stretch: Sequence[Unit], belonging: AbstractSet[str] | None, lexicon: Lexicon
) -> list[AttributeValue]:
    """Return the values of attributes that some words are, one or two.

    Args:
        stretch: the words.
        belonging: see `belonging_attributes`.
        lexicon: of the catalogue.
    """
    if len(stretch) == 1 and not _says_something(stretch[0]):
        return []
    key = phrase_of([each.text for each in stretch])
    return _meant(lexicon.values.get(key, ()), belonging, _products(stretch, lexicon))


def _says_something(unit: Unit) -> bool:
    return len(unit.text) > 1 or not unit.text.isascii()


def belonging_attributes(text: str, lexicon: Lexicon) -> frozenset[str] | None:
    """Return the attributes of the kinds that the text is about; `None`: it does not say.

    A phone is not `compatible with` itself: that attribute belongs to its cases.
    """
    shares = kind_shares(text, lexicon)
    likely = [place for place, share in shares.items() if share >= _LIKELY_KIND]
    if not likely:
        return None
    return frozenset(attribute for place in likely for attribute in lexicon.kinds[place].attributes)


def _products(stretch: Sequence[Unit], lexicon: Lexicon) -> int:
    """Return how many products may have the phrase: as many as have its rarest word."""
    return min((lexicon.words.get(each.text, 0) for each in stretch), default=0)


def _meant(
    values: tuple[AttributeValue, ...], belonging: AbstractSet[str] | None, products: int
) -> list[AttributeValue]:
    """Return the attributes that a value is meant for: those that most often have it.

    Where few of the products that mention the words have them as a value, they are mostly said of
    something else.
    """
    fitting = [
        each
        for each in values
        if each.count >= max(_FEWEST_PRODUCTS, _LEAST_SHARE * products)
        and (belonging is None or each.attribute in belonging)
    ]
    if not fitting:
        return []
    most = fitting[0].count
    return [each for each in fitting[:2] if each.count >= most * _SHARE_OF_MOST_FREQUENT]
