"""Counts what is frequent, in bounded memory."""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class BoundedCounter(Generic[Key]):
    """Counts keys, and forgets the rarest when there are too many.

    A catalogue of millions has as many words that one product has (order numbers, sizes in
    titles), and none of them teaches anything. What is frequent is counted exactly, or a little too
    low where it was forgotten before it became frequent.

    Source: lossy counting, Manku and Motwani, VLDB 2002, with a limit on keys instead of on the
    error.
    """

    def __init__(self, limit: int) -> None:
        """Count at most `limit` different keys at once."""
        self._limit = limit
        self._counts: Counter[Key] = Counter()

    def update(self, keys: Iterable[Key]) -> None:
        """Count each key once more."""
        self._counts.update(keys)
        if len(self._counts) > self._limit:
            self._forget()

    def counts(self) -> Counter[Key]:
        """Return the counts so far."""
        return self._counts

    def taken(self) -> Counter[Key]:
        """Return the counts, and keep none: what is made of them would stand beside them."""
        counts, self._counts = self._counts, Counter()
        return counts

    def _forget(self) -> None:
        """Keep the more frequent half at most: to forget seldom is cheaper than a little often."""
        rare = 1
        while len(self._counts) > self._limit // 2:
            # In place: a second counter would stand beside the first while it is made.
            for key in [key for key, count in self._counts.items() if count <= rare]:
                del self._counts[key]
            rare *= 2
