"""Read what shoppers type, with what each of them wants."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tools.sample_shop.shop_products import ShopProduct

QUERIES_FOLDER = Path(__file__).parent / "queries"


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


Alternatives = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One or more, of which any will do. Written without brackets where there is one."""

Values = Annotated[tuple[str | int | float | bool, ...], BeforeValidator(_listed)]


class Condition(BaseModel):
    """Holds for a product when every field that is given holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: Alternatives = ()
    brands: Alternatives = ()
    tags: Alternatives = ()
    fits: Alternatives = ()
    title: Alternatives = ()
    and_title: Alternatives = ()
    not_title: Alternatives = ()
    text: Alternatives = ()
    """Looked for in title and description."""
    attributes: dict[str, Values] = {}
    price_below: float | None = None
    price_above: float | None = None

    def holds(self, product: ShopProduct) -> bool:
        """Return whether the product meets the condition."""
        return self._holds_for_what_it_is(product) and self._holds_for_what_it_says(product)

    def _holds_for_what_it_is(self, product: ShopProduct) -> bool:
        price = product.row["price"]
        return (
            (not self.kinds or product.kind in self.kinds)
            and (not self.brands or product.row["brand"] in self.brands)
            and (not self.tags or not product.tags.isdisjoint(self.tags))
            and (not self.fits or product.fits in self.fits)
            and (self.price_below is None or price < self.price_below)
            and (self.price_above is None or price > self.price_above)
            and all(_has(product, key, values) for key, values in self.attributes.items())
        )

    def _holds_for_what_it_says(self, product: ShopProduct) -> bool:
        title = product.row["title"]
        text = f"{title}\n{product.row['description']}"
        return (
            (not self.title or says(title, self.title))
            and (not self.and_title or says(title, self.and_title))
            and not says(title, self.not_title)
            and (not self.text or says(text, self.text))
        )


class Intent(BaseModel):
    """A query and what its shopper wants: conditions by grade, of which any may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    """The query. `{ean}` stands for that field of the first product that is exactly wanted."""
    language: Literal["en", "zh", "mixed"]
    """Which listings the shopper reads; `mixed` is both."""
    kind: Literal[
        "accessory",
        "ambiguous",
        "attribute",
        "brand",
        "code",
        "head",
        "misspelt",
        "need",
        "negation",
        "price",
        "vocabulary",
    ]
    exact: tuple[Condition, ...]
    good: tuple[Condition, ...] = ()
    related: tuple[Condition, ...] = ()
    never: tuple[Condition, ...] = ()
    """Wrong whatever the others say: the shopper excluded it."""

    def query(self, products: list[ShopProduct]) -> str:
        """Return the text as typed.

        Raises:
            ValueError: nothing in the shop is exactly wanted.
        """
        for product in products:
            if any(condition.holds(product) for condition in self.exact):
                return self.text.format_map(product.row)
        message = f"nothing in the shop is exactly wanted by {self.text!r}"
        raise ValueError(message)


class _QueryFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    query: list[Intent]


def read_intents(folder: Path = QUERIES_FOLDER) -> list[Intent]:
    """Return every query of every file, files by name, queries in their written order.

    Raises:
        pydantic.ValidationError: a field is missing, misspelt or of the wrong type.
    """
    files = [
        _QueryFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.toml"))
    ]
    return [intent for file in files for intent in file.query]


def says(text: str, phrases: tuple[str, ...]) -> bool:
    """Return whether the text has one of the phrases: as whole words where it is Latin script."""
    folded = text.casefold()
    return any(_phrase(phrase).search(folded) for phrase in phrases)


@cache
def _phrase(phrase: str) -> re.Pattern[str]:
    folded = phrase.casefold()
    # A Han phrase may stand against a digit (`A5笔记本`): only Latin edges must be word edges.
    before = r"(?<![a-z0-9])" if folded[0].isascii() else ""
    after = r"(?![a-z0-9])" if folded[-1].isascii() else ""
    return re.compile(before + re.escape(folded) + after)


def _has(product: ShopProduct, key: str, values: tuple[str | float | bool, ...]) -> bool:
    held = product.row["attributes"].get(key)
    return any(value in values for value in (held if isinstance(held, list) else [held]))
