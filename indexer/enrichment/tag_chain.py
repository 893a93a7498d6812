"""Several generators as one: their tags together, without repetitions, and not too many."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from indexer.enrichment.read_product import ReadProduct
from indexer.enrichment.sent_generators import StayingGenerator
from indexer.enrichment.tag_generator import TagGenerator
from search_core import Product, Tag, phrase_key
from search_core.settings import TagSettings

_LONGEST_TAG = 80
"""Characters: a longer one is a sentence."""


class TagChain:
    """Runs generators one after the other; itself a `TagGenerator`."""

    def __init__(self, generators: Sequence[TagGenerator], settings: TagSettings) -> None:
        """Take the generators, the most trusted first: of equal tags theirs is kept."""
        self._generators = tuple(generators)
        self._most = settings.most
        self._least = settings.least_confidence
        parts = (*(each.identity for each in generators), str(self._most), str(self._least))
        digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
        self._identity = f"tags@{digest}" if generators else ""

    @property
    def identity(self) -> str:
        """Changes whenever any product could get other tags; empty without generators."""
        return self._identity

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Propose tags; see `TagGenerator.generate`."""
        proposed = [each.generate(products) for each in self._generators]
        return [
            self._chosen(product, [tag for tags in proposed for tag in tags[place]])
            for place, product in enumerate(products)
        ]

    def proposed_here(self, products: Sequence[Product]) -> tuple[Product, ...]:
        """Return the products with what the generators propose that stay in this process.

        A copy of this chain in another process takes it from there. At most one generator stays.
        """
        for each in self._generators:
            if isinstance(each, StayingGenerator):
                proposed = each.generate(products)
                return tuple(map(_with_tags, products, proposed))
        return tuple(products)

    def _chosen(self, product: Product, proposed: Sequence[Tag]) -> tuple[Tag, ...]:
        read = ReadProduct(product=product)
        kept: dict[str, Tag] = {}
        for tag in proposed:
            key = phrase_key(tag.text)
            if not key or tag.confidence < self._least or len(tag.text) > _LONGEST_TAG:
                continue
            known = kept.get(key)
            if known is not None:
                # The place of the first, the confidence of the surest.
                kept[key] = tag if tag.confidence > known.confidence else known
            elif not read.says(tag.text):
                kept[key] = tag
        return tuple(list(kept.values())[: self._most])


def _with_tags(product: Product, tags: tuple[Tag, ...]) -> Product:
    return replace(product, tags=tags)
