"""Multiply hand-written entries out into the products of the shop."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from tools.sample_shop.entries import AttributeValue, Entry, VariantValue
from tools.sample_shop.product_codes import (
    ean13,
    free_number,
    has_image,
    is_in_stock,
    release_date,
    review_figures,
)

_FITS = {"en": "compatible_with", "zh": "适用型号"}
_CURRENCY = {"en": "USD", "zh": "CNY"}
_NOT_SLUG = re.compile(r"[^a-z0-9]+")

_SLUG_LENGTH = 60


class Row(TypedDict):
    """A product as the catalogue file has it, keys in the file's order."""

    id: str
    title: str
    description: str
    brand: str | None
    category: list[str]
    product_type: str
    price: float
    currency: str
    url: str
    image: str | None
    in_stock: bool
    rating: float
    review_count: int
    language: str
    ean: str
    model_number: str | None
    variant_group: str | None
    released: str
    attributes: dict[str, AttributeValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopProduct:
    """A product as shipped (`row`), with what only the judgments see."""

    row: Row
    kind: str
    tags: frozenset[str]
    fits: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variation:
    """One product to be: an entry, with the device it fits and its variant values."""

    entry: Entry
    position: int
    fitted: str | None
    values: dict[str, VariantValue]

    @property
    def name(self) -> str:
        """What tells the product apart from all others, and its figures are drawn from."""
        return "|".join((self.group, *map(str, self.values.values())))

    @property
    def group(self) -> str:
        """What the product has in common with its colours and sizes."""
        return f"{self.entry.title}|{self.fitted or ''}"

    def filled(self, template: str) -> str:
        """Return the text with brand, device and variant values in their slots."""
        brand, fitted = self.entry.brand or "", self.fitted or ""
        return template.format_map({**self.values, "brand": brand, "fits": fitted}).strip()


def shop_products(entries: list[Entry]) -> list[ShopProduct]:
    """Return all products, by id.

    Raises:
        ValueError: two products are written alike.
    """
    variations = {}
    for variation in (variation for entry in entries for variation in _variations(entry)):
        if variation.name in variations:
            message = f"the catalogue has two products {variation.name!r}"
            raise ValueError(message)
        variations[variation.name] = variation
    taken: set[int] = set()
    products = [
        ShopProduct(
            row=_row(variation, f"SK-{free_number(name, taken)}"),
            kind=variation.entry.kind,
            tags=variation.entry.tags,
            fits=variation.fitted,
        )
        for name, variation in variations.items()
    ]
    return sorted(products, key=lambda product: product.row["id"])


def _variations(entry: Entry) -> Iterator[_Variation]:
    combinations = itertools.product(entry.fits or (None,), *entry.variants.values())
    for position, (fitted, *values) in enumerate(combinations):
        yield _Variation(
            entry=entry,
            position=position,
            fitted=None if fitted is None else str(fitted),
            values=dict(zip(entry.variants, values, strict=True)),  # type: ignore[arg-type]
        )


def _row(variation: _Variation, identifier: str) -> Row:
    entry, name = variation.entry, variation.name
    title = variation.filled(entry.title)
    rating, review_count = review_figures(name)
    return {
        "id": identifier,
        "title": title,
        "description": variation.filled(entry.texts[variation.position % len(entry.texts)]),
        "brand": entry.brand,
        "category": entry.category,
        "product_type": entry.product_type,
        "price": _price(variation),
        "currency": _CURRENCY[entry.language],
        "url": _address(entry.language, title, identifier),
        "image": f"images/{identifier.lower()}.jpg" if has_image(name) else None,
        "in_stock": is_in_stock(name),
        "rating": rating,
        "review_count": review_count,
        "language": entry.language,
        "ean": ean13(name),
        "model_number": entry.model_number and variation.filled(entry.model_number),
        "variant_group": f"VG-{ean13(variation.group)[2:9]}" if variation.values else None,
        "released": entry.released or release_date(variation.group),
        "attributes": _attributes(variation),
    }


def _price(variation: _Variation) -> float:
    steps = (variation.entry.price_steps.get(str(value), 0) for value in variation.values.values())
    return round(variation.entry.price + sum(steps), 2)


def _address(language: str, title: str, identifier: str) -> str:
    words = _NOT_SLUG.sub("-", title.lower())[:_SLUG_LENGTH].strip("-")
    # A Chinese title leaves stray digits only, which say nothing in an address.
    slug = f"{words}-{identifier}" if language == "en" else identifier
    return f"https://shop.example/{language}/p/{slug.lower()}"


def _attributes(variation: _Variation) -> dict[str, AttributeValue]:
    attributes: dict[str, AttributeValue] = {**variation.values}
    if variation.fitted is not None:
        attributes[_FITS[variation.entry.language]] = [variation.fitted]
    for key, value in variation.entry.attributes.items():
        attributes[key] = variation.filled(value) if isinstance(value, str) else value
    return attributes
