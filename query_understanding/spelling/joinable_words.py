"""Finds words that a catalogue writes both apart and together: `head set` and `headset`."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from query_understanding.lexicon.bounded_counter import BoundedCounter
from query_understanding.lexicon.lexicon import Joinable
from query_understanding.lexicon.product_words import is_cjk

_SHORTEST_PART = 2
_SHORTEST_JOINED = 6
_MOST_FREQUENT = 60_000
_MOST_PAIRS = 60_000
"""Pairs counted at once; beyond, the rarest are forgotten, so that memory stays bounded."""


class JoinableWords:
    """Counts which words of titles stand side by side."""

    def __init__(self) -> None:
        self._pairs: BoundedCounter[tuple[str, str]] = BoundedCounter(_MOST_PAIRS)

    def observe(self, title: Sequence[str]) -> None:
        """Count the pairs of one title."""
        self._pairs.update(
            {
                (first, second)
                for first, second in pairwise(title)
                if _may_join(first) and _may_join(second)
            }
        )

    def frequent(self) -> dict[str, int]:
        """Return the pairs that more than one product has, the most frequent of them."""
        return {
            f"{first} {second}": count
            for (first, second), count in self._pairs.counts().most_common(_MOST_FREQUENT)
            if count > 1
        }

    def found(self, words: Mapping[str, int]) -> dict[str, Joinable]:
        """Return joined word → its parts.

        A joined word that no product has is kept too: somebody types `mousepad` where the catalogue
        only writes `mouse pad`.

        Args:
            words: word → products that have it.
        """
        best: dict[str, Joinable] = {}
        for (first, second), count in self._pairs.counts().items():
            joined = first + second
            joined_count = words.get(joined, 0)
            if len(joined) < _SHORTEST_JOINED or not (joined_count or count > 1):
                continue
            known = best.get(joined)
            if known is None or count > known.apart_count:
                best[joined] = Joinable(
                    first=first, second=second, apart_count=count, joined_count=joined_count
                )
        return best


def _may_join(word: str) -> bool:
    return len(word) >= _SHORTEST_PART and word.isalpha() and not is_cjk(word)
