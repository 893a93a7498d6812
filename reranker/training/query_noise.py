"""Queries as shoppers type them: letters swapped, dropped or doubled, and a word left out."""

import random
from collections.abc import Callable

_SHORTEST = 5
"""Shorter words are other words once a letter is gone."""


def noisy(query: str, choose: random.Random) -> str:
    """Return the query with one slip; as it is where no word is long enough for one.

    Args:
        query: as generated.
        choose: decides on word, place and slip.
    """
    words = query.split()
    long_enough = [
        place for place, word in enumerate(words) if len(word) >= _SHORTEST and word.isalpha()
    ]
    if not long_enough:
        return query
    place = choose.choice(long_enough)
    slip = choose.choice(_SLIPS)
    words[place] = slip(words[place], choose.randrange(1, len(words[place]) - 1))
    return " ".join(words)


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, at: int) -> str:
    return word[:at] + word[at + 1 :]


def _doubled(word: str, at: int) -> str:
    return word[: at + 1] + word[at:]


_SLIPS: tuple[Callable[[str, int], str], ...] = (_swapped, _dropped, _doubled)
