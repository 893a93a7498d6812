"""Counts which words stand in one title: `wireless` and `mouse`, however far apart."""

from collections.abc import Sequence
from itertools import combinations

from query_understanding.lexicon.bounded_counter import BoundedCounter
from search_core import is_cjk, singular

_SHORTEST = 2
_WORDS_OF_A_TITLE = 12
"""The first words say what the thing is; pairs grow with the square of their number."""
_MOST_COUNTED = 120_000
_MOST_KEPT = 60_000


class CompanionWords:
    """Counts pairs of words by the titles that have both. Plurals count as their singular."""

    def __init__(self) -> None:
        self._pairs: BoundedCounter[str] = BoundedCounter(_MOST_COUNTED)

    def observe(self, title: Sequence[str]) -> None:
        """Count the pairs of one title."""
        words = {singular(each) for each in title[:_WORDS_OF_A_TITLE] if _counts(each)}
        self._pairs.update(f"{one} {other}" for one, other in combinations(sorted(words), 2))

    def frequent(self) -> dict[str, int]:
        """Return the pairs that more than one product has, the most frequent of them."""
        return {
            pair: count for pair, count in self._pairs.taken().most_common(_MOST_KEPT) if count > 1
        }


def _counts(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalnum() and not word.isdigit() and not is_cjk(word)
