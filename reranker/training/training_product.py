"""A product as training sees it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reranker.passage import passage_of
from search_core.settings import RerankerSettings

TRAINING_FIELDS = (
    "id",
    "title",
    "description",
    "brand",
    "product_type",
    "category",
    "tags",
    "attributes",
    "vector",
)
"""What is read of each stored product, besides the fields of the passage."""

_WORD = re.compile(r"[^\W_]+")
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingProduct:
    """What queries are made from and what is put in order."""

    id: str
    title: str
    passage: str
    """As the cross-encoder reads it when it serves."""
    brand: str
    kinds: tuple[str, ...]
    """Product type, narrowest category and tags: what the catalogue itself calls it."""
    values: tuple[str, ...]
    """Attribute values in words."""
    attribute_names: tuple[str, ...]
    title_words: frozenset[str]
    """Folded words of title and kinds."""
    own_words: frozenset[str]
    """Folded words of title, kinds, brand and values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCatalogue:
    """All products, and their vectors where the index has them."""

    products: tuple[TrainingProduct, ...]
    vectors: NDArray[np.float32] | None
    """`(n_products, dimension)`, each of length 1; zeros for a product without. `None`: none."""


def read_training_catalogue(
    documents: Iterable[Mapping[str, Any]], settings: RerankerSettings
) -> TrainingCatalogue:
    """Turn stored products into what is trained on. Products without a title are left out."""
    products: list[TrainingProduct] = []
    vectors: list[Sequence[float] | None] = []
    for document in documents:
        if document.get("title"):
            products.append(_product(document, settings))
            vectors.append(document.get("vector"))
    return TrainingCatalogue(products=tuple(products), vectors=_unit_length(vectors))


def folded_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, English plurals as singulars."""
    return tuple(_PLURAL.sub("", word) for word in _WORD.findall(text.casefold()))


def _product(document: Mapping[str, Any], settings: RerankerSettings) -> TrainingProduct:
    title = str(document["title"])
    brand = str(document.get("brand") or "")
    kinds = tuple(_kinds(document))
    attributes = document.get("attributes") or ()
    values = tuple(str(each["value"]) for each in attributes if isinstance(each["value"], str))
    title_words = frozenset(folded_words(" ".join((title, *kinds))))
    return TrainingProduct(
        id=str(document["id"]),
        title=title,
        passage=passage_of(document, settings),
        brand=brand,
        kinds=kinds,
        values=values,
        attribute_names=tuple(str(each["name"]) for each in attributes),
        title_words=title_words,
        own_words=title_words | frozenset(folded_words(" ".join((brand, *values)))),
    )


def _kinds(document: Mapping[str, Any]) -> Iterator[str]:
    if document.get("product_type"):
        yield str(document["product_type"])
    steps = document.get("category") or ()
    if steps:
        # Each step is stored with the steps above it: the last part of the last one is narrowest.
        yield str(steps[-1]).rsplit(" > ", 1)[-1]
    tags = document.get("tags") or ()
    yield from (str(each) for each in tags if isinstance(each, str))


def _unit_length(vectors: Sequence[Sequence[float] | None]) -> NDArray[np.float32] | None:
    width = next((len(each) for each in vectors if each is not None), None)
    if width is None:
        return None
    rows = np.array([each or [0.0] * width for each in vectors], np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)
