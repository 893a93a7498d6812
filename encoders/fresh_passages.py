"""Which passages were computed lately in this process, and by which encoder.

Several encoders of one run may share a model and a cache: tags need a product's vector before the
index does. What one of them has computed, another finds in the cache: not as something that was
spared.
"""

import threading
from collections.abc import Sequence
from itertools import count

from cachetools import LRUCache

_MOST_KEPT = 50_000
"""10 MB. A run's encoders are some chunks of 2,000 products apart."""


class FreshPassages:
    """Computed passages that no other encoder has found yet. Safe to call from several threads."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        """Start with none.

        Args:
            most: passages that are known; the oldest are forgotten first.
        """
        self._computed: LRUCache[tuple[object, bytes], tuple[int, int]] = LRUCache(most)
        self._serial = count()
        self._lock = threading.Lock()

    def begin(self) -> int:
        """Return the number of an encoder that begins now."""
        with self._lock:
            return next(self._serial)

    def note(self, encoder: int, cache: object, keys: Sequence[bytes]) -> None:
        """Note what an encoder has computed.

        Args:
            encoder: its number.
            cache: says which cache it goes to.
            keys: of the passages.
        """
        with self._lock:
            for key in keys:
                self._computed[cache, key] = (next(self._serial), encoder)

    def taken(self, encoder: int, cache: object, keys: Sequence[bytes]) -> int:
        """Count what others have computed since an encoder began; each passage counts once.

        Args:
            encoder: its number.
            cache: in which it found them.
            keys: of the passages.
        """
        with self._lock:
            taken = 0
            for key in keys:
                when, by = self._computed.get((cache, key), (-1, encoder))
                if by != encoder and when > encoder:
                    del self._computed[cache, key]
                    taken += 1
            return taken
