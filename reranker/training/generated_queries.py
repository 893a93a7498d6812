"""Queries made from the catalogue alone: what shoppers would call these products.

No query log and no judgment is needed. Shoppers name a kind of product, alone or with a brand or a
property; catalogues name kinds in types, categories and tags, and in the words that titles of
several brands share.
"""

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reranker.training.training_product import TrainingProduct, folded_words

_MOST_WORDS = 3
_NAME_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST_KIND = 5
_VALUE = re.compile(r"[^\W\d_][\w-]*(?: [\w-]+)?")
"""One word or two, a letter first: nobody types `-15 - 45`."""
_LEAST_PRODUCTS = 3
_LEAST_BRANDS = 2
"""A phrase that only one brand uses is a model's name."""
_PLAIN_SHARE = 0.6
_BRAND_SHARE = 0.15
"""The rest has a property."""
_ATTEMPTS = 20


class QuerySource(StrEnum):
    """Where a query comes from."""

    KIND = "kind"
    BRAND_AND_KIND = "brand_and_kind"
    VALUE_AND_KIND = "value_and_kind"
    JUDGMENTS = "judgments"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedQuery:
    """A query, and what its words stand for."""

    kind: str
    qualifier: str = ""
    """Brand or property; empty: none."""
    source: QuerySource

    @property
    def text(self) -> str:
        """As a shopper would type it."""
        return f"{self.qualifier} {self.kind}".strip()

    @property
    def family(self) -> str:
        """What queries for the same kind have in common, whatever the order and plurals."""
        return " ".join(sorted(folded_words(self.kind))) or self.kind.casefold()


def generate_queries(
    products: Sequence[TrainingProduct],
    kinds: Mapping[str, Sequence[int]],
    *,
    most: int,
    seed: int,
) -> tuple[GeneratedQuery, ...]:
    """Return distinct queries; fewer than wanted where the catalogue has not more to say.

    A kind is drawn with the square root of its number of products: often enough that frequent
    kinds are learned well, seldom enough that rare ones are learned at all.

    Args:
        products: of the catalogue.
        kinds: name → places of the products that bear it.
        most: how many are wanted.
        seed: the same seed gives the same queries.
    """
    choose = random.Random(seed)  # noqa: S311 - no secret
    if not kinds:
        return ()
    names = sorted(kinds)
    weights = [math.sqrt(len(kinds[name])) for name in names]
    found: dict[str, GeneratedQuery] = {}
    for _ in range(_ATTEMPTS * most):
        if len(found) == most:
            break
        name = choose.choices(names, weights)[0]
        product = products[choose.choice(kinds[name])]
        query = _query(name, product, choose)
        found.setdefault(query.text.casefold(), query)
    return tuple(found.values())


def product_kinds(products: Sequence[TrainingProduct]) -> Mapping[str, Sequence[int]]:
    """Return name of a kind → places of the products that bear it, at least three."""
    places: dict[str, list[int]] = defaultdict(list)
    brands: dict[str, set[str]] = defaultdict(set)
    named: Counter[str] = Counter()
    for place, product in enumerate(products):
        for kind in {each.casefold() for each in product.kinds}:
            if len(kind.split()) <= _LONGEST_KIND and not kind.isdecimal():
                places[kind].append(place)
                named[kind] += 1
        for phrase in set(_title_phrases(product)):
            if not places[phrase] or places[phrase][-1] != place:
                places[phrase].append(place)
            brands[phrase].add(product.brand.casefold())
    # A catalogue of one brand, or without brands, cannot tell names of models by them.
    least_brands = min(_LEAST_BRANDS, len({each.brand.casefold() for each in products}))
    return {
        kind: found
        for kind, found in places.items()
        if len(found) >= _LEAST_PRODUCTS and (named[kind] or len(brands[kind]) >= least_brands)
    }


def _title_phrases(product: TrainingProduct) -> Iterator[str]:
    """Yield runs of up to three words that stand side by side in the title."""
    of_brand = set(product.brand.casefold().split())
    for run in re.split(r"[^\w\s-]|\d\S*", product.title.casefold()):
        words = run.split()
        for start in range(len(words)):
            for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
                phrase = words[start:end]
                if all(_NAME_WORD.fullmatch(word) and word not in of_brand for word in phrase):
                    yield " ".join(phrase)


def _query(kind: str, product: TrainingProduct, choose: random.Random) -> GeneratedQuery:
    draw = choose.random()
    values = [
        each.casefold()
        for each in product.values
        if _VALUE.fullmatch(each) and each.casefold() not in kind
    ]
    if draw < _PLAIN_SHARE:
        return GeneratedQuery(kind=kind, source=QuerySource.KIND)
    if draw < _PLAIN_SHARE + _BRAND_SHARE and product.brand:
        return GeneratedQuery(
            kind=kind, qualifier=product.brand.casefold(), source=QuerySource.BRAND_AND_KIND
        )
    if values:
        return GeneratedQuery(
            kind=kind, qualifier=choose.choice(values), source=QuerySource.VALUE_AND_KIND
        )
    return GeneratedQuery(kind=kind, source=QuerySource.KIND)
