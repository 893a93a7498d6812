"""Which meaning of a word a product has, told by what its texts mean."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from indexer.enrichment.word_net import Meaning, WordNet
from search_core import TextEncoder

_COMPARED = 512
"""Meanings of goods, spread over all, that similarities are measured against."""
_LEAST_DEVIATION = 3.0
"""Standard deviations by which a meaning has to stand out; docs/tags.md says what 1 and 2 give."""
_VECTORS_KEPT = 5_000
"""Of meanings, 10 MB at most; the others are in the encoder's cache on disk."""
_RARER = 0.25
"""Standard deviations that a meaning loses to the next more frequent one of the same word."""
_ABOUT_EQUAL = 0.25
"""A meaning that is not of goods, and better by more than this, is the one that is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMeaning:
    """What a product is."""

    meaning: Meaning
    deviation: float
    """How far it stands out, in standard deviations of the similarities to all kinds of goods."""


class WordMeanings:
    """Meanings as vectors. Safe to call from several threads."""

    def __init__(
        self, words: WordNet, encoder: TextEncoder, least_deviation: float = _LEAST_DEVIATION
    ) -> None:
        """Encode the meanings that all others are compared with.

        Args:
            words: with their meanings.
            encoder: knows the language of the words and of the products.
            least_deviation: how far the meaning of a product stands out, see `FoundMeaning`.

        Raises:
            EncoderError: the model could not be run.
        """
        self._least = least_deviation
        self.words = words
        self._encoder = encoder
        self._vectors: LRUCache[int, NDArray[np.float32]] = LRUCache(_VECTORS_KEPT)
        self._lock = threading.Lock()
        goods = list(words.goods())
        compared = goods[:: max(1, len(goods) // _COMPARED)][:_COMPARED]
        self._compared = np.stack([self._vector(place) for place in compared])

    @property
    def model_id(self) -> str:
        """Of the encoder."""
        return self._encoder.identity.model_id

    def encoded(self, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of products' passages, float32, `(len(passages), dimension)`.

        Raises:
            EncoderError: the model could not be run.
        """
        return self._encoder.encode_passages(passages)

    def spread(self, passage: NDArray[np.float32]) -> tuple[float, float]:
        """Return mean and standard deviation of a passage's similarities to all kinds of goods."""
        similar = self._compared @ passage
        return float(similar.mean()), max(float(similar.std()), 1e-6)

    def of_name(
        self, wordings: Sequence[str], passage: NDArray[np.float32], spread: tuple[float, float]
    ) -> FoundMeaning | None:
        """Return what a name means of a product; `None`: nothing that is sold, or not clearly.

        Args:
            wordings: of the name, folded.
            passage: the product's vector.
            spread: of the passage.

        Raises:
            EncoderError: the model could not be run.
        """
        mean, deviation = spread
        best: tuple[float, Meaning] | None = None
        best_other = -np.inf
        for place, rank in _ranked(self.words, wordings):
            meaning = self.words.meaning(place)
            score = (float(self._vector(place) @ passage) - mean) / deviation - _RARER * rank
            # `al` is no aluminium, whose sign is `Al`: goods are called what stands there.
            if not meaning.is_goods or not set(wordings) & set(meaning.words):
                best_other = max(best_other, score)
            elif best is None or score > best[0]:
                best = (score, meaning)
        if best is None or best[0] < max(self._least, best_other - _ABOUT_EQUAL):
            return None
        return FoundMeaning(meaning=best[1], deviation=best[0])

    def _vector(self, place: int) -> NDArray[np.float32]:
        with self._lock:
            known = self._vectors.get(place)
            if known is None:
                meaning = self.words.meaning(place)
                text = f"{', '.join(meaning.words)}: {meaning.explanation}"
                # One by one: what a quantised model gives depends a little on what is encoded
                # beside it, and the tags of a product must not.
                known = self._vectors[place] = self._encoder.encode_passages([text])[0]
        return known


def _ranked(words: WordNet, wordings: Iterable[str]) -> list[tuple[int, int]]:
    """Return the meanings of all wordings, each with its best rank from 0."""
    ranks: dict[int, int] = {}
    for wording in wordings:
        for rank, place in enumerate(words.places(wording)):
            ranks[place] = min(rank, ranks.get(place, rank))
    return list(ranks.items())
