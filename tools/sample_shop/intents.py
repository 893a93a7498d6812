"""Read what shoppers type, with what each of them wants."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tools.sample_shop.shop_products import ShopProduct

QUERIES_FOLDER = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Holds for a product when every field that is given holds. Lists are alternatives."""

    kinds: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fits: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    and_title: tuple[str, ...] = ()
    not_title: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    """Looked for in title and description."""
    not_text: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[object, ...]], ...] = ()
    price_below: float | None = None
    price_above: float | None = None

    def holds(self, product: ShopProduct) -> bool:
        """Return whether the product meets the condition."""
        return self._holds_for_what_it_is(product) and self._holds_for_what_it_says(product)

    def _holds_for_what_it_is(self, product: ShopProduct) -> bool:
        price = float(str(product.row["price"]))
        return (
            (not self.kinds or product.kind in self.kinds)
            and (not self.brands or product.row["brand"] in self.brands)
            and (not self.tags or not product.tags.isdisjoint(self.tags))
            and (not self.fits or product.fits in self.fits)
            and (self.price_below is None or price < self.price_below)
            and (self.price_above is None or price > self.price_above)
            and all(_has(product, key, values) for key, values in self.attributes)
        )

    def _holds_for_what_it_says(self, product: ShopProduct) -> bool:
        title = product.title
        text = f"{title}\n{product.row['description']}"
        return (
            (not self.title or says(title, self.title))
            and (not self.and_title or says(title, self.and_title))
            and not says(title, self.not_title)
            and (not self.text or says(text, self.text))
            and not says(text, self.not_text)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A query and what its shopper wants: conditions by grade, of which any may hold."""

    query: str
    language: str
    """`en`, `zh`, or `mixed`: the shopper reads both."""
    kind: str
    exact: tuple[Condition, ...]
    good: tuple[Condition, ...]
    related: tuple[Condition, ...]
    never: tuple[Condition, ...]
    """Wrong whatever the others say: the shopper excluded it."""


def read_intents(products: list[ShopProduct], folder: Path = QUERIES_FOLDER) -> list[Intent]:
    """Return every query of every file.

    A text such as `{ean}` is filled in from the first product, by id, that is exactly wanted.
    """
    intents = []
    for path in sorted(folder.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        intents += [_intent(query, products) for query in document["query"]]
    return intents


def says(text: str, phrases: tuple[str, ...]) -> bool:
    """Return whether the text has one of the phrases: as whole words where it is Latin script."""
    folded = text.casefold()
    return any(_phrase(phrase).search(folded) for phrase in phrases)


@lru_cache(maxsize=None)
def _phrase(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(phrase.casefold())}(?![a-z0-9])", re.ASCII)


def _has(product: ShopProduct, key: str, values: tuple[object, ...]) -> bool:
    held = product.attributes.get(key)
    return any(value in values for value in (held if isinstance(held, list) else [held]))


def _intent(query: dict[str, object], products: list[ShopProduct]) -> Intent:
    grades = {
        grade: tuple(_condition(fields) for fields in query.get(grade, []))  # type: ignore[attr-defined]
        for grade in ("exact", "good", "related", "never")
    }
    wanted = next((p for p in products if any(c.holds(p) for c in grades["exact"])), None)
    if wanted is None:
        message = f"nothing in the shop is exactly wanted by {query['text']!r}"
        raise ValueError(message)
    return Intent(
        query=str(query["text"]).format_map(wanted.row),
        language=str(query["language"]),
        kind=str(query["kind"]),
        **grades,
    )


def _condition(fields: dict[str, object]) -> Condition:
    given: dict[str, object] = {}
    for name, value in fields.items():
        if name == "attributes":
            given[name] = tuple((k, tuple(_listed(v))) for k, v in value.items())  # type: ignore[attr-defined]
        elif name in ("price_below", "price_above"):
            given[name] = value
        else:
            given[name] = tuple(_listed(value))
    return Condition(**given)  # type: ignore[arg-type]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
