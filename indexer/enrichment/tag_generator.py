"""What makes tags: the port that every generator fills."""

from collections.abc import Sequence
from typing import Protocol

from search_core import Product, Tag


class TagGenerator(Protocol):
    """Proposes tags for products, each product by itself. Safe to call from several threads.

    A product gets the same tags whichever products it is handed over with: what a generator knows
    of the catalogue it has learned before, and its identity says what that was.
    """

    @property
    def identity(self) -> str:
        """Name, version, and a digest of what was learned: changes whenever tags could.

        It is part of cache keys and of a generation's description.
        """
        ...

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Propose tags for each product.

        Never raises because of one product: it gets no tags then. What the catalogue says itself,
        repetitions and more than the allowed number are taken out by the caller.

        Returns:
            A tuple of tags a product, best first, in the order of `products`.
        """
        ...
