"""Tags from the category of a taxonomy that a product is placed in."""

from collections.abc import Sequence

from indexer.taxonomy import CategoryPlacer, Placement
from search_core import Product, Tag, TagKind

SOURCE = "taxonomy"


class TaxonomyTags:
    """Generates the name of a product's category as a tag; see `TagGenerator`."""

    def __init__(self, placer: CategoryPlacer, certainty: float) -> None:
        """Take what places products, and how certain a category has to be."""
        self._placer = placer
        self._certainty = certainty
        self._is_flat = all(len(category.path) == 1 for category in placer.taxonomy.categories)

    @property
    def identity(self) -> str:
        """Of the placer, and the certainty."""
        return f"{self._placer.identity}:{self._certainty:g}"

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Propose tags; see `TagGenerator.generate`.

        Raises:
            EncoderError: the model could not be run.
        """
        return [self._tags(each) for each in self._placer.place(products, self._certainty)]

    def _tags(self, placement: Placement | None) -> tuple[Tag, ...]:
        # A mere department (`Electronics`) tells a product from hardly any other.
        if placement is None or (len(placement.category.path) == 1 and not self._is_flat):
            return ()
        return (
            Tag(
                text=placement.category.name,
                kind=TagKind.PRODUCT_TYPE,
                source=SOURCE,
                confidence=round(placement.confidence, 3),
            ),
        )
