"""What the words of a product say for each category."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_core import is_cjk, singular, unit_texts

_REMEMBERED = 50_000
"""Short texts whose words are kept: product types and categories come again and again."""

# What stands before the first of these is the thing itself: `Scarf, Camel`, `Case for iPhone`.
_END_OF_HEAD = re.compile(
    r"[,;:()\[\]|/–—，；：（）【】、]|\s[-+&]\s|\s(?:for|with|in|from|of|by|para|con|de|für|mit)\s",
    re.IGNORECASE,
)

_Postings = Mapping[str, tuple[NDArray[np.int64], NDArray[np.float32]]]
"""Word → categories that have it, and its share of each one's name."""


class CategoryWords:
    """An index of the words in category names, weighted by how rare they are there.

    Words of scripts without spaces are pairs of neighbouring characters.
    """

    def __init__(self, paths: Sequence[tuple[str, ...]]) -> None:
        """Index the names, and the names above them."""
        self._names = _index([words(path[-1]) for path in paths])
        self._above = _index(
            [tuple(w for step in path[:-1] for w in words(step)) for path in paths]
        )

    def add_names(self, row: NDArray[np.float32], texts: Iterable[str], weight: float) -> None:
        """Add to each category which share of its name, 0 to 1, stands in texts, times a weight.

        Args:
            row: float32, `(categories,)`.
            texts: any number.
            weight: of a whole name.
        """
        _add(row, self._names, _all_words(texts), weight)

    def add_above(self, row: NDArray[np.float32], texts: Iterable[str], weight: float) -> None:
        """Do the same for the names above each category, taken together."""
        _add(row, self._above, _all_words(texts), weight)

    def add_heads(self, row: NDArray[np.float32], texts: Iterable[str], weight: float) -> None:
        """Do the same for names, by the words that say what a thing is: see `head_words`."""
        _add(row, self._names, {word for text in texts for word in head_words(text)}, weight)


def head_words(text: str) -> tuple[str, ...]:
    """Return the words that most likely say what a thing is: the last of its first phrase.

    Of scripts without spaces the last two pairs of characters.
    """
    phrase = next((each for each in map(words, _END_OF_HEAD.split(text)) if each), ())
    return phrase[-2:] if phrase and is_cjk(phrase[-1]) else phrase[-1:]


@lru_cache(_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, plurals undone."""
    found: list[str] = []
    run: list[str] = []
    for unit in (*unit_texts(text), ""):
        if len(unit) == 1 and is_cjk(unit):
            run.append(unit)
            continue
        found += run if len(run) == 1 else map("".join, pairwise(run))
        run = []
        if unit:
            found.append(singular(unit))
    return tuple(found)


def _add(row: NDArray[np.float32], postings: _Postings, said: Iterable[str], weight: float) -> None:
    for word in said:
        found = postings.get(word)
        if found is not None:
            places, shares = found
            row[places] += np.float32(weight) * shares


def _all_words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words(text)}


def _index(names: Sequence[Sequence[str]]) -> _Postings:
    distinct = [tuple(dict.fromkeys(name)) for name in names]
    frequency = Counter(word for name in distinct for word in name)
    rarity = {word: np.log1p(len(names) / count) for word, count in frequency.items()}
    places: dict[str, list[int]] = {word: [] for word in frequency}
    shares: dict[str, list[float]] = {word: [] for word in frequency}
    for place, name in enumerate(distinct):
        whole = sum(rarity[word] for word in name)
        for word in name:
            places[word].append(place)
            shares[word].append(rarity[word] / whole)
    return {
        word: (np.array(places[word], np.int64), np.array(shares[word], np.float32))
        for word in frequency
    }
