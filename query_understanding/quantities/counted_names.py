"""By which words the things are named that a catalogue counts: ports, seats, pages, 接口."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from query_understanding.lexicon.lexicon import Lexicon, MeasuredAttribute
from query_understanding.lexicon.product_words import fold, is_cjk, singular
from query_understanding.quantities.measured_attributes import NUMBER, counted_words
from query_understanding.spelling.general_words import NAMING_NOTHING

_CLEARLY = 3.0
"""An attribute has to be so many times as frequent as the next that the words may mean."""
_LEAST_SHARE = 1 / 3
"""Of an attribute's name that has to be said: `ports` alone may be any of five sorts."""
_TIMES = frozenset({"day", "week", "month", "year"})
"""What they are of has to be said: `toys over 6 years` are not about `warranty_years`."""
_PIECES = re.compile(r"[a-z0-9.]+|[^\Wa-z0-9]+")
"""Of a name that goes on in another script: `usb接口`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    words: frozenset[str]
    attribute: MeasuredAttribute


class CountedNames:
    """Finds the attribute that some words count."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the counts that the catalogue has."""
        named: defaultdict[str, list[_Named]] = defaultdict(list)
        for attribute in lexicon.measured:
            words = _words(attribute) if attribute.dimension == NUMBER else ()
            if words and _can_be_counted(words[-1]):
                named[words[-1]].append(_Named(words=frozenset(words), attribute=attribute))
        self._named: Mapping[str, Sequence[_Named]] = named
        self._chinese = sorted(filter(is_cjk, named), key=len, reverse=True)

    @property
    def is_empty(self) -> bool:
        """Say whether the catalogue counts nothing."""
        return not self._named

    def chinese_thing(self, text: str, place: int) -> str | None:
        """Return the longest Chinese name of a thing that stands at a place."""
        return next((name for name in self._chinese if text.startswith(name, place)), None)

    def meant(self, said: Sequence[str]) -> MeasuredAttribute | None:
        """Return the attribute that words name: the one they name whole, else a frequent one.

        Args:
            said: folded, plurals undone; the last names the thing, and each other is one of the
                attribute's name.

        Returns:
            `None` when no attribute, or none clearly, is meant.
        """
        words = frozenset(said)
        fitting = [
            each
            for each in self._named.get(said[-1], ())
            if words <= each.words and len(words) >= _LEAST_SHARE * len(each.words)
        ]
        whole = [each for each in fitting if each.words == words]
        if words <= _TIMES and not whole:
            return None
        found = sorted(
            (each.attribute for each in whole or fitting), key=lambda each: (-each.count, each.name)
        )
        if not found or (len(found) > 1 and found[0].count < _CLEARLY * found[1].count):
            return None
        return found[0]


def _can_be_counted(word: str) -> bool:
    """Say whether a name may end with what is counted: not `waterproof_up_to`, not `length_m`."""
    return word.isalpha() and word not in NAMING_NOTHING and (len(word) > 1 or is_cjk(word))


def _words(attribute: MeasuredAttribute) -> tuple[str, ...]:
    return tuple(
        singular(piece)
        for word in counted_words(attribute.name)
        # Chinese and Japanese names are looked for in the text as it stands.
        for piece in _PIECES.findall(word if is_cjk(word) else fold(word))
    )
