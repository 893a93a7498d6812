"""What the meaning of a product's texts says for each category."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.taxonomy.taxonomy import Category
from search_core import TextEncoder


class CategoryMeanings:
    """Vectors of categories, to which those of texts are compared.

    Encoders differ in how near all texts are to each other, and so do texts. What counts is how far
    a category stands out, so similarities are told in standard deviations over all categories.
    """

    def __init__(self, categories: Sequence[Category], encoder: TextEncoder) -> None:
        """Encode the categories.

        Raises:
            EncoderError: the model could not be run.
        """
        self._encoder = encoder
        names = encoder.encode_passages([category.name for category in categories])
        # The name first: encoders give the beginning of a text more weight.
        paths = encoder.encode_passages([", ".join(each.path[::-1]) for each in categories])
        self._names = _Target(names)
        self._paths = _Target(paths)
        self._both = _Target(names + paths)

    def of_passages(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compare products with names and paths.

        Args:
            vectors: float32, `(products, dimension)`.

        Returns:
            float32, `(products, categories)`, in standard deviations.
        """
        return self._both.deviations(vectors)

    def of_types(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Compare names of product types with names of categories; an empty one gives zeros."""
        return _of_texts(texts, self._names, self._encoder)

    def of_paths(self, paths: Sequence[tuple[str, ...]]) -> NDArray[np.float32]:
        """Compare the shop's own categories with these; an empty path gives zeros."""
        return _of_texts([", ".join(path[::-1]) for path in paths], self._paths, self._encoder)


class _Target:
    """Vectors of all categories, and how similarities to them are spread."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        # Without the mean, similarities of any text have the mean 0 over the categories.
        self._vectors = vectors - vectors.mean(axis=0)
        self._spread = self._vectors.T @ self._vectors / np.float32(len(vectors))

    @property
    def size(self) -> int:
        """Number of categories."""
        return len(self._vectors)

    def deviations(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        variances = np.einsum("ij,jk,ik->i", vectors, self._spread, vectors, optimize=True)
        # A taxonomy of one category has no spread.
        scale = 1.0 / np.sqrt(np.maximum(variances, 1e-12))
        result: NDArray[np.float32] = (vectors * scale[:, None].astype(np.float32)) @ (
            self._vectors.T
        )
        return result


def _of_texts(texts: Sequence[str], target: _Target, encoder: TextEncoder) -> NDArray[np.float32]:
    result = np.zeros((len(texts), target.size), np.float32)
    distinct = sorted(set(filter(None, texts)))
    if distinct:
        compared = target.deviations(encoder.encode_passages(distinct))
        rows = {text: place for place, text in enumerate(distinct)}
        filled = [place for place, text in enumerate(texts) if text]
        result[filled] = compared[[rows[texts[place]] for place in filled]]
    return result
