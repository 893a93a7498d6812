"""A product as the shop describes it, whatever file it came from."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_NOT_A_KEY = re.compile(r"[^\w]+")


def attribute_key(name: str) -> str:
    """Return the form under which an attribute is stored, filtered and counted.

    Case, accents' composition, width and punctuation do not tell attributes apart: `Display Size`,
    `display-size` and `display_size` are one.

    Args:
        name: the attribute's name as the catalogue or a user writes it, in any script.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _NOT_A_KEY.sub("_", folded).strip("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One value of one attribute. An attribute with several values appears several times."""

    name: str
    """As the catalogue writes it, for display."""
    value: str | float | bool
    unit: str | None = None

    @property
    def key(self) -> str:
        """The name in its stored form: see `attribute_key`."""
        return attribute_key(self.name)


THESAURUS = "thesaurus"
"""Begins the source of tags from a thesaurus, which are searched in a field of their own: they are
right where a query has no other match, and too many to count where it has."""


class TagKind(StrEnum):
    """What a generated tag says of its product."""

    PRODUCT_TYPE = "product_type"
    """What the thing is, or the category it belongs to."""
    MEASURE = "measure"
    """A number with its unit in another wording (`39.6 cm` for `15.6"`)."""
    KEY_PHRASE = "key_phrase"
    """What sets this product apart from others of its kind."""
    USE = "use"
    """Use, audience or occasion."""
    ALTERNATIVE_NAME = "alternative_name"
    """What shoppers call the thing though the catalogue does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A generated word or phrase that a product should be found by."""

    text: str
    kind: TagKind
    source: str
    """The generator, and what it drew on (`units:attribute`, `taxonomy`, `llm:gpt-x`, `person`)."""
    confidence: float
    """0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One sellable thing.

    `None` means that the catalogue does not say.
    """

    id: str
    title: str
    description: str = ""
    brand: str | None = None
    category_path: tuple[str, ...] = ()
    """From the department to the narrowest category."""
    product_type: str | None = None
    """What the thing is (`notebook`, `dress`), where the catalogue has a field for it."""
    price: float | None = None
    """In the currency's main unit (dollars, not cents)."""
    currency: str | None = None
    """ISO 4217."""
    image_url: str | None = None
    url: str | None = None
    available: bool | None = None
    rating: float | None = None
    """Mean of the customers' ratings, on the catalogue's own scale."""
    popularity: float | None = None
    """Any count that grows with demand: sales, reviews, views."""
    released: date | None = None
    language: str | None = None
    """ISO 639-1 of title and description."""
    codes: tuple[str, ...] = ()
    """What is matched whole: EAN, GTIN, SKU, model number."""
    variant_group: str | None = None
    """Shared by the colours and sizes of one product."""
    attributes: tuple[Attribute, ...] = ()
    tags: tuple[Tag, ...] = ()
    """Generated, best first: never what the catalogue says itself."""
    source_hash: int | None = None
    """Of the row that it was read from; tells an unchanged row in a later file."""
