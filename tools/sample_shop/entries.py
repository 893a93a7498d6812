"""Read the hand-written entries of the catalogue."""

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

AttributeValue = str | int | float | bool | list[str]
VariantValue = str | int | float

CATALOGUE_FOLDER = Path(__file__).parent / "catalogue"


class Entry(BaseModel):
    """One hand-written entry: a product with its variants, or an accessory for several devices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["en", "zh"]
    kind: str
    """What the thing is, the same word in every language. Judged by, never shipped."""
    tags: frozenset[str] = frozenset()
    """Purposes and occasions that judgments ask for (`gift_for_her`). Never shipped."""
    product_type: str = Field(alias="type")
    category: list[str]
    brand: str | None
    """Written as an empty string where the shop does not say: TOML has no null."""
    title: str
    texts: tuple[str, ...] = Field(alias="text", min_length=1)
    """Descriptions, handed round the entry's products in turn. May be empty strings."""
    price: float
    price_steps: dict[str, float] = {}
    """Added to the price where the product has this variant value."""
    variants: dict[str, list[VariantValue]] = {}
    """Attribute to its values. Each combination is a product; all share one variant group."""
    fits: tuple[str, ...] = ()
    """Devices that each get a listing of their own."""
    attributes: dict[str, AttributeValue] = {}
    model_number: str | None = None
    released: str | None = None

    @field_validator("brand")
    @classmethod
    def _empty_is_none(cls, brand: str | None) -> str | None:
        return brand or None

    @field_validator("texts", mode="before")
    @classmethod
    def _one_is_a_list(cls, texts: str | list[str]) -> list[str]:
        return [texts] if isinstance(texts, str) else texts

    @model_validator(mode="after")
    def _steps_are_for_variants(self) -> Self:
        values = {str(value) for axis in self.variants.values() for value in axis}
        if unknown := sorted(set(self.price_steps) - values):
            message = f"{self.title}: price steps for values that no variant has: {unknown}"
            raise ValueError(message)
        return self


class _Group(BaseModel):
    """Entries of one kind, with the fields that they share."""

    model_config = ConfigDict(extra="allow")

    attributes: dict[str, AttributeValue] = {}
    tags: list[str] = []
    product: list[dict[str, object]]


class _CatalogueFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    language: str
    group: list[_Group]


def read_entries(folder: Path = CATALOGUE_FOLDER) -> list[Entry]:
    """Return every entry of every file, files by name, entries in their written order.

    Raises:
        pydantic.ValidationError: a field is missing, misspelt or of the wrong type.
    """
    return [entry for path in sorted(folder.glob("*.toml")) for entry in _read_file(path)]


def _read_file(path: Path) -> list[Entry]:
    catalogue = _CatalogueFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    return [
        _entry(catalogue.language, group, product)
        for group in catalogue.group
        for product in group.product
    ]


def _entry(language: str, group: _Group, product: dict[str, object]) -> Entry:
    own = _Group.model_validate({**product, "product": []})
    fields = {
        "language": language,
        **(group.model_extra or {}),
        **product,
        "attributes": {**group.attributes, **own.attributes},
        "tags": [*group.tags, *own.tags],
    }
    return Entry.model_validate(fields)
