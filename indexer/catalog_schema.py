"""What each field of a catalogue means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from indexer.number_parsing import DecimalMark


class FieldRole(StrEnum):
    """What a field can be to a product. The values are the keys of `[fields]` in catalog.toml."""

    ID = "id"
    TITLE = "title"
    DESCRIPTION = "description"
    BRAND = "brand"
    CATEGORY = "category"
    PRODUCT_TYPE = "product_type"
    PRICE = "price"
    CURRENCY = "currency"
    IMAGE = "image"
    URL = "url"
    AVAILABILITY = "availability"
    RATING = "rating"
    POPULARITY = "popularity"
    RELEASED = "released"
    LANGUAGE = "language"
    CODES = "codes"
    VARIANT_GROUP = "variant_group"


class PriceUnit(StrEnum):
    """What a price of 1 means."""

    MAIN = "main"
    """One dollar, euro, yuan."""
    CENTS = "cents"
    """A hundredth of it."""


class AttributeType(StrEnum):
    """How an attribute's values are read."""

    ANY = "any"
    """Text, and where it is a number with or without a unit, that number too."""
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"


class OtherFields(StrEnum):
    """What becomes of a field that the schema does not name."""

    ATTRIBUTE = "attribute"
    IGNORE = "ignore"


def _nothing() -> Mapping[str, AttributeType]:
    return MappingProxyType({})


def _no_separators() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogSchema:
    """How rows become products.

    A field is named by its key or column, or by the path to it: `brand.name`, `variants.price`.
    """

    fields: Mapping[FieldRole, tuple[str, ...]]
    """Of several fields in a role, the first that is filled counts; for category, description and
    codes all do, in this order."""
    category_separator: str | None = None
    """Cuts one text into the levels of a path: ` > `."""
    category_list_separator: str | None = None
    """Where a field holds several paths: what parts them. The first path counts."""
    price_unit: PriceUnit = PriceUnit.MAIN
    currency: str | None = None
    """ISO 4217, for prices that name none and rows without a currency field."""
    decimal_mark: DecimalMark = DecimalMark.POINT
    languages: tuple[str, ...] = ()
    """ISO 639-1. One: every product's language. Several: found out for each product, among these.
    None: not determined."""
    attributes: tuple[str, ...] = ()
    """Fields whose values are attributes, whatever `other_fields` says."""
    attribute_prefixes: Mapping[str, AttributeType] = field(default_factory=_nothing)
    """Fields that begin so are attributes, named by what follows."""
    attribute_columns: tuple[tuple[str, str], ...] = ()
    """Pairs of columns that hold an attribute's name and its value; `*` stands for a number."""
    packed_attributes: tuple[str, ...] = ()
    """Fields with several attributes in one text: `color=red,size=M`."""
    attribute_types: Mapping[str, AttributeType] = field(default_factory=_nothing)
    """By field, for those that are not to be read as `any`."""
    value_separators: Mapping[str, str] = field(default_factory=_no_separators)
    """By field, what parts the values where a text holds several: `|` for `S|M|L`."""
    ignored: tuple[str, ...] = ()
    other_fields: OtherFields = OtherFields.ATTRIBUTE

    def of(self, role: FieldRole) -> tuple[str, ...]:
        """Return the fields in a role; empty when there is none."""
        return self.fields.get(role, ())

    def named_fields(self) -> Iterable[tuple[str, str]]:
        """Yield each field that the schema names, with the place in catalog.toml that names it."""
        for role, names in self.fields.items():
            for name in names:
                yield name, f"fields.{role}"
        for name in self.attributes:
            yield name, "attributes.fields"
        for name in self.packed_attributes:
            yield name, "attributes.packed"
        for name in self.attribute_types:
            yield name, "attributes.types"
        for name in self.value_separators:
            yield name, "attributes.separators"
        for name in self.ignored:
            yield name, "attributes.ignored"
