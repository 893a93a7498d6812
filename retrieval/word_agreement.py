"""How well the words of a query and of a product agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search_core.product_words import singular, unit_texts

_LONGEST_TEXT = 400
"""Characters of a text that are read: a description's start says what the thing is, and time grows
with length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordAgreement:
    """Shares from 0 to 1, of different words, plurals undone."""

    title: float
    """Of the query's words, in the title."""
    title_focus: float
    """Of the title's words, in the query."""
    attributes: float
    """Of the query's words, in values of attributes."""
    description: float
    """Of the query's words, in the start of the description."""
    anywhere: float
    """Of the query's words, in any of these or in the product type."""
    product_type: float
    """Of the product type's words, in the query; 0: it has none."""
    brand: float
    """1: the query names the product's brand with all its words."""
    title_length: float
    """Grows with the title's words: 0 for none, half for ten, never 1."""


def word_agreement(query: str, document: Mapping[str, Any]) -> WordAgreement:
    """Compare a query with a stored product.

    Args:
        query: what the shopper means.
        document: the stored product; empty: it agrees with nothing.
    """
    asked = words_of(query)
    title = words_of(document.get("title"))
    product_type = words_of(document.get("product_type"))
    brand = words_of(document.get("brand"))
    description = words_of(document.get("description"))
    attributes = frozenset[str]().union(
        *(words_of(value) for value in _values(document.get("attributes") or ()))
    )
    return WordAgreement(
        title=_share(asked, title),
        title_focus=_share(title, asked),
        attributes=_share(asked, attributes),
        description=_share(asked, description),
        anywhere=_share(asked, title | attributes | description | product_type),
        product_type=_share(product_type, asked),
        brand=float(bool(brand) and brand <= asked),
        title_length=len(title) / (len(title) + 10),
    )


def words_of(text: object) -> frozenset[str]:
    """Return the different words of a text, in the form in which they are compared."""
    if not isinstance(text, str):
        return frozenset()
    return frozenset(map(singular, unit_texts(text[:_LONGEST_TEXT])))


def _values(attributes: Sequence[Mapping[str, Any]]) -> list[str]:
    return [value for each in attributes if isinstance(value := each["value"], str)]


def _share(words: frozenset[str], among: frozenset[str]) -> float:
    return len(words & among) / len(words) if words else 0.0
