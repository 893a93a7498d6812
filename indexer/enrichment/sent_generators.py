"""Generators that can be sent to other processes, though what they are made of cannot."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from indexer.enrichment.tag_generator import TagGenerator
from search_core import Product, RunnerError, Tag

MakeGenerator = Callable[[], TagGenerator]
"""Makes a generator where it is called. Sent to other machines, so it has to be picklable."""


class RemadeGenerator:
    """A generator that each process makes for itself, when it is first needed; a `TagGenerator`."""

    def __init__(self, make: MakeGenerator, made: TagGenerator | str) -> None:
        """Take what makes the generator, here and elsewhere.

        Args:
            make: the maker.
            made: what it made in this process; or only its identity, elsewhere.
        """
        self._make = make
        self._made = None if isinstance(made, str) else made
        self._identity = made if isinstance(made, str) else made.identity

    @property
    def identity(self) -> str:
        """Of the generator that was made first."""
        return self._identity

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Propose tags; see `TagGenerator.generate`.

        Raises:
            RunnerError: what is made here differs from what the run began with.
        """
        if self._made is None:
            self._made = self._made_here()
        # The tags that a `GivenTags` brought with them are no part of a product yet.
        return self._made.generate([replace(product, tags=()) for product in products])

    def _made_here(self) -> TagGenerator:
        made = self._make()
        if made.identity != self._identity:
            raise RunnerError(
                f"a worker makes other tags ({made.identity}) than this run ({self._identity})",
                remedy="give every machine the same version of Shopkeeper, model and taxonomy",
            )
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return RemadeGenerator, (self._make, self._identity)


class StayingGenerator:
    """A generator that works in the process that made it: it counts, or bounds what is spent.

    Sent elsewhere it becomes a `GivenTags`, which passes on what was proposed here.
    """

    def __init__(self, generator: TagGenerator) -> None:
        self._generator = generator

    @property
    def identity(self) -> str:
        """Of the generator."""
        return self._generator.identity

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Propose tags; see `TagGenerator.generate`."""
        return self._generator.generate(products)

    def __reduce__(self) -> tuple[object, ...]:
        return GivenTags, (self.identity,)


class GivenTags:
    """Proposes the tags that products were sent with; a `TagGenerator`."""

    def __init__(self, identity: str) -> None:
        self._identity = identity

    @property
    def identity(self) -> str:
        """Of the generator whose tags they are."""
        return self._identity

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Return the tags of each product."""
        return [product.tags for product in products]
