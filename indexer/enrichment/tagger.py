"""Gives products their tags: what generators propose, put right by a person."""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import replace
from threading import Event

from indexer.enrichment.tag_chain import TagChain
from indexer.enrichment.tag_generator import TagGenerator
from indexer.product_stream import ProductChunk
from search_core import Product, TagCorrection

_SLICE = 320
"""Products that are tagged before it is looked whether the run was interrupted. By a language model
these are 16 requests at the default batch: two rounds of as many as are under way at once."""


class Tagger:
    """Gives products their tags. Safe to call from several threads."""

    def __init__(
        self, generator: TagGenerator, corrections: Mapping[str, TagCorrection] | None = None
    ) -> None:
        """Take what generates tags, and the corrections by product id."""
        self._generator = generator
        self._corrections = corrections or {}

    @property
    def identity(self) -> str:
        """Of the generator: see `TagGenerator.identity`. Empty: nothing is generated."""
        return self._generator.identity

    @property
    def does_nothing(self) -> bool:
        """Whether products stay as they are."""
        return not self._generator.identity and not self._corrections

    def begun(self, products: tuple[Product, ...]) -> tuple[Product, ...]:
        """Do what has to be done in this process before a copy of this tagger, in another one, tags
        the products.
        """  # noqa: D205 - one sentence
        chain = self._generator
        return chain.proposed_here(products) if isinstance(chain, TagChain) else products

    def tagged(self, products: tuple[Product, ...]) -> tuple[Product, ...]:
        """Return the products with their tags, in the same order."""
        if self.does_nothing:
            return products
        proposed = self._generator.generate(products)
        return tuple(
            self._corrected(replace(product, tags=tags))
            for product, tags in zip(products, proposed, strict=True)
        )

    def _corrected(self, product: Product) -> Product:
        correction = self._corrections.get(product.id)
        return product if correction is None else correction.applied_to(product)


def tag_chunks(
    chunks: Iterable[ProductChunk], tagger: Tagger, stop: Event
) -> Generator[ProductChunk, None, None]:
    """Tag chunk after chunk, until `stop` is set."""
    return _mapped(chunks, tagger.tagged, stop)


def begin_chunks(
    chunks: Iterable[ProductChunk], tagger: Tagger, stop: Event
) -> Generator[ProductChunk, None, None]:
    """Begin the tagging of chunk after chunk, until `stop` is set: see `Tagger.begun`."""
    return _mapped(chunks, tagger.begun, stop)


def _mapped(
    chunks: Iterable[ProductChunk],
    change: Callable[[tuple[Product, ...]], tuple[Product, ...]],
    stop: Event,
) -> Generator[ProductChunk, None, None]:
    for chunk in chunks:
        changed: list[Product] = []
        for start in range(0, len(chunk.products), _SLICE):
            if stop.is_set():
                return
            changed += change(chunk.products[start : start + _SLICE])
        if stop.is_set():
            return
        yield replace(chunk, products=tuple(changed))
