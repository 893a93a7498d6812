"""Puts products into the categories of a taxonomy, no deeper than is certain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.passage import passage_text
from indexer.taxonomy.category_meanings import CategoryMeanings
from indexer.taxonomy.category_words import CategoryWords
from indexer.taxonomy.taxonomy import Category, Taxonomy
from search_core import Product, TextEncoder
from search_core.settings import IndexerSettings

_VERSION = 1
"""Raised whenever the same products would be placed otherwise."""
_AT_ONCE = 128
"""Products that are compared together: 10,000 categories then take 5 MB a matrix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWeights:
    """What each kind of evidence adds to the logarithm of a category's odds.

    The defaults are rounded from a fit by maximum likelihood; docs/taxonomy.md says on what, and
    what they reach on catalogues that were left out of it.
    """

    meaning: float = 1.9
    """A standard deviation of similarity between the product's passage and the category."""
    type_meaning: float = 0.6
    """The same between its product type and the category's name."""
    path_meaning: float = 2.5
    """The same between the shop's own category and this one's path."""
    name: float = 1.4
    """The category's whole name stands in the product's title, type or category."""
    above: float = 5.0
    """So do all names above it."""
    head: float = 2.2
    """The whole name is what the title or type ends in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a product belongs."""

    category: Category
    confidence: float
    """Probability, 0 to 1, that it belongs there or below."""


class CategoryPlacer:
    """Places products. Safe to call from several threads."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        encoder: TextEncoder,
        settings: IndexerSettings,
        weights: EvidenceWeights | None = None,
    ) -> None:
        """Encode and index the taxonomy.

        Args:
            taxonomy: where to.
            encoder: knows the languages of the products and of the taxonomy. Where it is the
                index's own, with its cache, a product is encoded once for both.
            settings: make the passage that is encoded.
            weights: `None` takes the defaults.

        Raises:
            EncoderError: the model could not be run.
        """
        self.taxonomy = taxonomy
        self._encoder = encoder
        self._settings = settings
        self._weights = weights or EvidenceWeights()
        self._words = CategoryWords([category.path for category in taxonomy.categories])
        self._meanings = CategoryMeanings(taxonomy.categories, encoder)

    @property
    def identity(self) -> str:
        """Version, taxonomy, model and weights."""
        model = self._encoder.identity.model_id
        weights = self._weights
        numbers = ",".join(f"{getattr(weights, name):g}" for name in weights.__slots__)
        return f"taxonomy-v{_VERSION}:{self.taxonomy.digest}:{model}:{numbers}"

    def place(self, products: Sequence[Product], certainty: float) -> list[Placement | None]:
        """Place each product as deep as is certain enough.

        A product whose department is not is placed nowhere.

        Args:
            products: any number; what a product gets does not depend on the others.
            certainty: least probability, above .5 for a single answer.

        Raises:
            EncoderError: the model could not be run.
        """
        return [
            self._deepest(row, certainty) for rows in self._probabilities(products) for row in rows
        ]

    def likeliest(self, products: Sequence[Product], count: int) -> list[list[Placement]]:
        """Return the likeliest categories of each product, best first, each by itself.

        Raises:
            EncoderError: the model could not be run.
        """
        categories = self.taxonomy.categories
        return [
            [
                Placement(category=categories[place], confidence=float(row[place]))
                for place in np.argsort(-row, kind="stable")[:count]
            ]
            for rows in self._probabilities(products)
            for row in rows
        ]

    def scores(self, products: Sequence[Product]) -> NDArray[np.float32]:
        """Return the evidence for each category, weighted: logarithms of odds up to a constant.

        Returns:
            float32, `(products, categories)`.

        Raises:
            EncoderError: the model could not be run.
        """
        weights, meanings = self._weights, self._meanings
        passages = [passage_text(product, self._settings) for product in products]
        scores = weights.meaning * meanings.of_passages(self._encoder.encode_passages(passages))
        types = [product.product_type or "" for product in products]
        if any(types):
            scores += weights.type_meaning * meanings.of_types(types)
        paths = [product.category_path for product in products]
        if any(paths):
            scores += weights.path_meaning * meanings.of_paths(paths)
        for product, row in zip(products, scores, strict=True):
            self._add_words(product, row)
        return scores

    def _probabilities(self, products: Sequence[Product]) -> Iterator[NDArray[np.float32]]:
        for start in range(0, len(products), _AT_ONCE):
            scores = self.scores(products[start : start + _AT_ONCE])
            scores -= scores.max(axis=1, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=1, keepdims=True)
            yield scores

    def _add_words(self, product: Product, row: NDArray[np.float32]) -> None:
        weights = self._weights
        kinds = (product.product_type or "", *product.category_path[-1:])
        self._words.add_names(row, (product.title, *kinds), weights.name)
        self._words.add_above(
            row,
            (product.title, product.product_type or "", *product.category_path),
            weights.above,
        )
        self._words.add_heads(row, (product.title, *filter(None, kinds)), weights.head)

    def _deepest(self, probabilities: NDArray[np.float32], certainty: float) -> Placement | None:
        taxonomy = self.taxonomy
        found: Placement | None = None
        start, candidates = 0, taxonomy.departments
        branch = probabilities
        while len(candidates):
            # Their branches follow each other without a gap, up to the end of this one.
            masses = np.add.reduceat(branch, candidates - start)
            best = int(masses.argmax())
            if masses[best] < certainty:
                break
            start = int(candidates[best])
            found = Placement(
                category=taxonomy.categories[start], confidence=min(1.0, float(masses[best]))
            )
            branch = probabilities[start : taxonomy.branch_ends[start]]
            candidates = taxonomy.children[start]
        return found
