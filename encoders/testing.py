"""A text encoder without a model, for tests of other packages. Never used in a shop."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_core import EncoderIdentity


class HashingTextEncoder:
    """Counts character trigrams in hashed buckets: for tests only.

    Texts that share words get near vectors, nothing more: it knows no meaning. The same text gives
    the same vector in every process.
    """

    def __init__(
        self, dimension: int = 64, model_id: str = "hashing-for-tests@000000000000"
    ) -> None:
        self._identity = EncoderIdentity(model_id=model_id, dimension=dimension)
        self.encoded_passages = 0
        """How many passages were asked for, so that a test can see what a cache spared."""

    @property
    def identity(self) -> EncoderIdentity:
        """Model and dimension."""
        return self._identity

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Hash each text's trigrams."""
        self.encoded_passages += len(texts)
        rows = np.zeros((len(texts), self._identity.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            self._count(text, row)
        return rows

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Hash the text's trigrams, as for a passage."""
        row = np.zeros(self._identity.dimension, np.float32)
        self._count(text, row)
        return row

    def _count(self, text: str, row: NDArray[np.float32]) -> None:
        padded = f"  {text.casefold()} "
        for start in range(len(padded) - 2):
            trigram = padded[start : start + 3].encode("utf-8", "surrogatepass")
            row[zlib.crc32(trigram) % len(row)] += 1
        row /= np.linalg.norm(row)
