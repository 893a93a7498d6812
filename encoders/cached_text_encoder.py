"""A text encoder that computes each passage once, ever."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from encoders.fresh_passages import FreshPassages
from encoders.token_batches import distinct_texts
from encoders.unit_vectors import unit_vectors
from encoders.vector_cache import VectorCache, vector_key
from search_core import EncoderIdentity, TextEncoder

# Of the process: encoders of one run do not know of each other.
_FRESH = FreshPassages()


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStatistics:
    """What a cache has spared since the encoder was made. Equal texts of one call count once."""

    hits: int
    """Found, and computed before."""
    misses: int
    """Computed since, by this encoder or by another one of the process with the same model."""


class CachedTextEncoder:
    """Any text encoder, with its passages kept in a `VectorCache`.

    A vector is the same whether it was computed or found: both are rounded to half precision.
    Queries are not kept: computing one takes as long as a lookup, and they are not to lie on disk.
    """

    def __init__(self, encoder: TextEncoder, cache: VectorCache) -> None:
        self._encoder = encoder
        self._cache = cache
        self._lock = threading.Lock()
        self._hits = 0
        self._misses = 0
        self._number = _FRESH.begin()

    @property
    def identity(self) -> EncoderIdentity:
        """Model and dimension of the encoder inside."""
        return self._encoder.identity

    @property
    def statistics(self) -> CacheStatistics:
        """How many passages were found and how many computed."""
        with self._lock:
            return CacheStatistics(hits=self._hits, misses=self._misses)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode product texts, computing only those that are new.

        Returns:
            float32, `(len(texts), dimension)`, each row of length 1, in the order of `texts`.

        Raises:
            EncoderError: the model failed.
        """
        unique, places = distinct_texts(texts)
        identity = self._encoder.identity
        keys = [vector_key(identity.model_id, text) for text in unique]
        found, vectors = self._cache.lookup(keys, identity.dimension)
        missing = np.flatnonzero(~found)
        there = [keys[index] for index in np.flatnonzero(found)]
        fresh = _FRESH.taken(self._number, self._cache.folder, there)
        with self._lock:
            self._hits += len(there) - fresh
            self._misses += len(missing) + fresh
        if len(missing):
            computed = self._encoder.encode_passages([unique[index] for index in missing])
            halves = computed.astype(np.float16)
            new = [keys[index] for index in missing]
            # Before another encoder can find them.
            _FRESH.note(self._number, self._cache.folder, new)
            self._cache.store(new, halves)
            vectors[missing] = halves
        return unit_vectors(vectors, identity.model_id)[places]

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Encode what a shopper typed; not cached."""
        return self._encoder.encode_query(text)
