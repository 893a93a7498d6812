"""Which products a generation holds, what they were made of, and which the catalogue has named."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search_engine import NO_SOURCE, ProductHashes, hash_of

_NONE = 0


class KnownProducts:
    """The hashes of a generation's products: 25 bytes a product while it is used, 75 while made.

    Ids are kept as 64-bit hashes. Two ids have the same one with a chance of about 1 in a million
    among six million products.
    """

    def __init__(self, products: Iterable[ProductHashes]) -> None:
        ids, sources, contents = array("q"), array("q"), array("q")
        for product in products:
            ids.append(_key(product.product_id))
            sources.append(product.source_hash)
            contents.append(product.content_hash or _NONE)
        order = np.argsort(np.frombuffer(ids, np.int64)) if ids else np.empty(0, np.intp)
        self._ids = _ordered(ids, order)
        self._sources = _ordered(sources, order)
        self._contents = _ordered(contents, order)
        self._named = bytearray(len(ids))
        self._open = len(ids)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def unnamed(self) -> int:
        """How many products the catalogue has not named so far."""
        return self._open

    def has_source(self, product_id: str, source_hash: int | None) -> bool:
        """Tell whether a product was made of an equal row."""
        place = self._place(product_id)
        if place is None or source_hash in (None, NO_SOURCE):
            return False
        return self._sources[place] == source_hash

    def has_content(self, product_id: str, content_hash: int) -> bool:
        """Tell whether a product has the same content, its live fields aside."""
        place = self._place(product_id)
        return place is not None and self._contents[place] == content_hash

    def name(self, product_id: str) -> bool:
        """Note that the catalogue has a product; return whether the generation has it too."""
        place = self._place(product_id)
        if place is None:
            return False
        self._open -= not self._named[place]
        self._named[place] = 1
        return True

    def vanished(self, product_id: str) -> bool:
        """Tell whether a product was in the generation, and the catalogue has not named it."""
        place = self._place(product_id)
        return place is not None and not self._named[place]

    def _place(self, product_id: str) -> int | None:
        key = _key(product_id)
        place = bisect_left(self._ids, key)
        return place if place < len(self._ids) and self._ids[place] == key else None


def _key(product_id: str) -> int:
    return hash_of(product_id.encode("utf-8", "surrogatepass"))


def _ordered(values: "array[int]", order: NDArray[np.intp]) -> "array[int]":
    if not values:
        return values
    ordered = array("q")
    ordered.frombytes(np.frombuffer(values, np.int64)[order].tobytes())
    return ordered
