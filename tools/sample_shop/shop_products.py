"""Multiply hand-written entries out into the products of the shop."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.sample_shop.entries import AttributeValue, Entry
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

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopProduct:
    """A product as shipped (`row`), with what only the judgments see."""

    row: Row
    kind: str
    tags: frozenset[str]
    fits: str | None

    @property
    def id(self) -> str:
        """The shop's own number."""
        return str(self.row["id"])

    @property
    def title(self) -> str:
        """The title as shipped."""
        return str(self.row["title"])

    @property
    def language(self) -> str:
        """ISO 639-1."""
        return str(self.row["language"])

    @property
    def attributes(self) -> dict[str, AttributeValue]:
        """The attributes as shipped."""
        return self.row["attributes"]  # type: ignore[return-value]


def shop_products(entries: list[Entry]) -> list[ShopProduct]:
    """Return all products, by id.

    Raises:
        ValueError: two products have the same title and attributes.
    """
    taken: set[int] = set()
    names: set[str] = set()
    products = []
    for entry in entries:
        for position, (fitted, values) in enumerate(_combinations(entry)):
            name = "|".join((entry.title, fitted or "", *map(str, values.values())))
            if name in names:
                message = f"{entry.source}: a second product named {name!r}"
                raise ValueError(message)
            names.add(name)
            number = free_number(name, taken)
            products.append(_product(entry, position, fitted, values, name, number))
    return sorted(products, key=lambda product: product.id)


def _combinations(entry: Entry) -> Iterator[tuple[str | None, dict[str, str | int | float]]]:
    for fitted in entry.fits or (None,):
        for values in itertools.product(*entry.variants.values()):
            yield fitted, dict(zip(entry.variants, values, strict=True))


def _product(
    entry: Entry,
    position: int,
    fitted: str | None,
    values: dict[str, str | int | float],
    name: str,
    number: int,
) -> ShopProduct:
    slots = {**values, "brand": entry.brand or "", "fits": fitted or ""}
    group = f"{entry.title}|{fitted or ''}"
    title = entry.title.format_map(slots).strip()
    identifier = f"SK-{number}"
    rating, review_count = review_figures(name)
    row: Row = {
        "id": identifier,
        "title": title,
        "description": entry.texts[position % len(entry.texts)].format_map(slots),
        "brand": entry.brand,
        "category": entry.category,
        "product_type": entry.product_type,
        "price": _price(entry, values),
        "currency": _CURRENCY[entry.language],
        "url": f"https://shop.example/{entry.language}/p/{_slug(title, identifier)}",
        "image": f"images/{identifier.lower()}.jpg" if has_image(name) else None,
        "in_stock": is_in_stock(name),
        "rating": rating,
        "review_count": review_count,
        "language": entry.language,
        "ean": ean13(name),
        "model_number": entry.model_number and entry.model_number.format_map(slots),
        "variant_group": f"VG-{ean13(group)[2:9]}" if values else None,
        "released": entry.released or release_date(group),
        "attributes": _attributes(entry, fitted, values, slots),
    }
    return ShopProduct(row=row, kind=entry.kind, tags=entry.tags, fits=fitted)


def _price(entry: Entry, values: dict[str, str | int | float]) -> float:
    steps = (entry.price_steps.get(str(value), 0) for value in values.values())
    return round(entry.price + sum(steps), 2)


def _slug(title: str, identifier: str) -> str:
    words = _NOT_SLUG.sub("-", title.lower()).strip("-")
    return f"{words[:60].strip('-')}-{identifier.lower()}" if len(words) > 8 else identifier.lower()


def _attributes(
    entry: Entry,
    fitted: str | None,
    values: dict[str, str | int | float],
    slots: dict[str, object],
) -> dict[str, AttributeValue]:
    attributes: dict[str, AttributeValue] = {**values}
    if fitted is not None:
        attributes[_FITS[entry.language]] = [fitted]
    for key, value in entry.attributes.items():
        attributes[key] = value.format_map(slots) if isinstance(value, str) else value
    return attributes
