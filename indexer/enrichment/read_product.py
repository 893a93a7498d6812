"""A product with its texts taken apart, once for all rules."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from search_core import Product, attribute_key, singular, unit_texts

_READ_DESCRIPTION = 600
"""Characters of a description that are read: what a product is stands at its beginning."""
_READ_ATTRIBUTE = 120
_BETWEEN = " | "
_REMEMBERED = 20_000
"""Short texts whose units are kept: the values of attributes come again and again. Some 6 MB."""
_SHORT = 60


@dataclass(frozen=True, kw_only=True)
class ReadProduct:
    """A product and the units of its texts, folded, plurals undone."""

    product: Product

    @cached_property
    def title(self) -> tuple[str, ...]:
        """Units of the title."""
        return singulars(self.product.title)

    @cached_property
    def described(self) -> str:
        """The beginning of the description."""
        return self.product.description[:_READ_DESCRIPTION]

    @cached_property
    def description(self) -> tuple[str, ...]:
        """Units of the beginning of the description."""
        return singulars(self.described)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What the catalogue says in short fields: title, brand, type, category, attributes."""
        product = self.product
        named = (product.brand or "", product.product_type or "", *product.category_path)
        return (product.title, *named, *self.values)

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Values of the attributes; of a true one its name."""
        return tuple(
            str(each.value)[:_READ_ATTRIBUTE]
            if not isinstance(each.value, bool)
            else each.name.replace("_", " ")
            for each in self.product.attributes
            if each.value is not False
        )

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Stored names of the attributes, one for each of `product.attributes`."""
        return tuple(_key(each.name) for each in self.product.attributes)

    @cached_property
    def _said(self) -> str:
        return f" {_BETWEEN.join(map(_spaced, self.texts))} "

    @cached_property
    def _said_units(self) -> frozenset[str]:
        return frozenset(self._said.split())

    def says(self, text: str) -> bool:
        """Say whether the short fields have all words of a text, and its numbers as they stand."""
        units = singulars(text)
        if all(each.isalpha() and each.isascii() for each in units):
            return self._said_units.issuperset(units)
        # Characters and numbers say something only side by side.
        return f" {' '.join(units)} " in self._said


def has_digit(text: str) -> bool:
    """Say whether a text has a decimal digit."""
    return any(map(str.isdigit, text))


def singulars(text: str) -> tuple[str, ...]:
    """Return the folded units of a text, plurals undone."""
    return _remembered_singulars(text) if len(text) <= _SHORT else _singulars(text)


def _singulars(text: str) -> tuple[str, ...]:
    return tuple(map(singular, unit_texts(text)))


def _spaced(text: str) -> str:
    return _remembered_spaced(text) if len(text) <= _SHORT else " ".join(_singulars(text))


@lru_cache(_REMEMBERED)
def _remembered_spaced(text: str) -> str:
    return " ".join(_singulars(text))


_remembered_singulars = lru_cache(_REMEMBERED)(_singulars)
_key = lru_cache(_REMEMBERED)(attribute_key)


def forget_read_texts() -> None:
    """Let go of the remembered texts, once no product is tagged any more: some 15 MB."""
    for remembered in (_remembered_spaced, _remembered_singulars, _key):
        remembered.cache_clear()
