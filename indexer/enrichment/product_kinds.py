"""What a product is, where its title does not say it: learned from the titles of like products.

`PG-50 Original Black` has an ink type and printing colours, as products have whose titles say
`cartridge`. A linear model learns which words stand in titles together with which attributes,
categories, types and other words, and proposes those that are missing.

Source: Steck 2019, "Embarrassingly shallow autoencoders for sparse data" (EASE): the weights come
from one matrix inversion, and no item predicts itself.
"""

import base64
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.enrichment.function_words import FUNCTION_WORDS
from indexer.enrichment.read_product import ReadProduct, singulars
from search_core import Tag, TagKind, is_cjk, phrase_key

_SOURCE = "kinds:like_products"
_MOST_ITEMS = 1_500
"""Words, attributes and so on that the model knows: its matrix is inverted in half a second."""
_LEAST_SHARE = 1 / 1_000
_LEAST_PRODUCTS = 3
_MOST_SHARE = 0.5
"""What more than half of the products have tells none of them apart."""
_REGULARIZATION = 20.0
_SHORTEST_WORD = 3
_HEAD_SHARE = 0.3
"""A word that names a thing ends the name in at least so many of its titles: `cartridge` in
`toner cartridge, black`, and not `high`."""
_PROPERTY_SHARE = 0.5
"""A word that is an attribute's value in more products than this share of those that have it in
their title is a property, such as a colour."""
_COUNTED_SHARE = 0.3
"""A word that follows a number in more of its titles than this is a unit: `dpi`, `sheets`."""
_SHORT_VALUE = 3
_MOST_TAGS = 4


@dataclass(frozen=True, kw_only=True)
class KindModel:
    """Weights from what a product has to the words that its title might say."""

    items: Mapping[str, int]
    """What predicts → row of `weights`."""
    names: tuple[str, ...]
    """What is predicted, a column each: a title's word or a product type, as it is written."""
    weights: NDArray[np.float16]
    """`(len(items), len(names))`."""

    def tags(self, read: ReadProduct) -> Iterator[Tag]:
        """Yield the names that like products have, the likeliest first."""
        # In the order of rows, so that sums do not depend on the order of attributes.
        rows = sorted({self.items[each] for each in _items(read) if each in self.items})
        if not rows or not self.names:
            return
        scores = self._widened[rows].sum(axis=0)
        best = np.argsort(-scores, kind="stable")[:_MOST_TAGS]
        for place in best:
            score = float(scores[place])
            if score <= 0:
                return
            yield Tag(
                text=self.names[place],
                kind=TagKind.PRODUCT_TYPE,
                source=_SOURCE,
                confidence=round(min(1.0, score), 3),
            )

    @cached_property
    def _widened(self) -> NDArray[np.float32]:
        return self.weights.astype(np.float32)

    def as_record(self) -> dict[str, Any]:
        """Return a JSON form."""
        packed = zlib.compress(np.ascontiguousarray(self.weights, dtype="<f2").tobytes())
        return {
            "items": list(self.items),
            "names": list(self.names),
            "weights": base64.b64encode(packed).decode(),
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "KindModel":
        """Read what `as_record` wrote."""
        items, names = record["items"], tuple(record["names"])
        raw = zlib.decompress(base64.b64decode(record["weights"]))
        weights = np.frombuffer(raw, dtype="<f2").reshape(len(items), len(names))
        return cls(
            items={item: place for place, item in enumerate(items)}, names=names, weights=weights
        )


def learn_kinds(sample: Sequence[ReadProduct]) -> KindModel:
    """Learn from products which names go with which other facts."""
    having = [_items(read) for read in sample]
    counts = Counter(item for items in having for item in items)
    least = max(_LEAST_PRODUCTS, _LEAST_SHARE * len(sample))
    frequent = [
        item
        for item, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        if least <= count <= _MOST_SHARE * len(sample)
    ][:_MOST_ITEMS]
    places = {item: place for place, item in enumerate(frequent)}
    predicted = _predicted(frequent, sample)
    if not predicted:
        return KindModel(items={}, names=(), weights=np.zeros((0, 0), np.float16))
    weights = _weights([[places[i] for i in items if i in places] for items in having], len(places))
    columns = weights[:, [places[item] for item in predicted]].astype(np.float16)
    return KindModel(items=places, names=tuple(predicted.values()), weights=columns)


def _weights(rows: Sequence[Sequence[int]], size: int) -> NDArray[np.float64]:
    having = np.zeros((len(rows), size), np.float32)
    for place, row in enumerate(rows):
        having[place, row] = 1.0
    # Whole numbers up to millions: exact in float32.
    together = (having.T @ having).astype(np.float64)
    inverse = np.linalg.inv(together + _REGULARIZATION * np.eye(size))
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights


def _items(read: ReadProduct) -> set[str]:
    product = read.product
    items = {f"title:{word}" for word in read.title if _is_word(word)}
    items.update(f"description:{word}" for word in read.description if _is_word(word))
    items.update(
        f"attribute:{key}"
        for key, each in zip(read.keys, product.attributes, strict=True)
        if each.value is not False
    )
    items.update(f"category:{phrase_key(step)}" for step in product.category_path)
    if product.product_type:
        items.add(f"type:{phrase_key(product.product_type)}")
    return items


def _is_word(unit: str) -> bool:
    return len(unit) >= _SHORTEST_WORD and unit.isalpha() and not is_cjk(unit)


def _predicted(frequent: Sequence[str], sample: Sequence[ReadProduct]) -> dict[str, str]:
    """Return item → name of the items that say what a product is."""
    heads = _head_words(sample)
    types = {
        phrase_key(read.product.product_type): read.product.product_type
        for read in reversed(sample)
        if read.product.product_type
    }
    predicted: dict[str, str] = {}
    for item in frequent:
        field, _, text = item.partition(":")
        if field == "title" and text in heads:
            predicted[item] = text
        elif field == "type" and text in types and not text.isdigit():
            predicted[item] = types[text]
    return predicted


def _head_words(sample: Sequence[ReadProduct]) -> AbstractSet[str]:
    property_of: Counter[str] = Counter()
    brands: set[str] = set()
    seen: Counter[str] = Counter()
    for read in sample:
        brands.update(singulars(read.product.brand or ""))
        short = (text for text in map(singulars, read.values) if len(text) <= _SHORT_VALUE)
        property_of.update({word for text in short for word in text})
        seen.update(set(read.title))

    def names(word: str) -> bool:
        return (
            _is_word(word)
            and word not in FUNCTION_WORDS
            and word not in brands
            and property_of[word] <= _PROPERTY_SHARE * seen[word]
        )

    ending: Counter[str] = Counter()
    counting: Counter[str] = Counter()
    for read in sample:
        title = read.title
        for place, word in enumerate(title):
            if not names(word):
                continue
            ending[word] += place + 1 == len(title) or not names(title[place + 1])
            counting[word] += place > 0 and title[place - 1][-1].isdigit()
    return {
        word
        for word, count in ending.items()
        if count >= _HEAD_SHARE * seen[word] and counting[word] <= _COUNTED_SHARE * seen[word]
    }
