"""Chinese words by their sound: what a pinyin keyboard offers first is often another word."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from pypinyin import lazy_pinyin


class Homophones:
    """Looks up two-character words of a catalogue by sound. Tones do not matter."""

    def __init__(self, pairs: Mapping[str, int]) -> None:
        """Take the catalogue's pairs of characters and how many products have each."""
        self._pairs = pairs

    def meant_by(self, pair: str) -> str | None:
        """Return the pair that sounds the same, if the catalogue has one and not this one.

        One of the characters has to be right: two wrong ones of the same sound are rarely a slip,
        and often a word that the catalogue lacks (冬被, a winter quilt, is not 东北).

        Args:
            pair: two Chinese characters.
        """
        if pair in self._pairs:
            return None
        alike = [
            other
            for other in self._by_sound.get(_sound(pair), ())
            if (other[0] == pair[0]) != (other[1] == pair[1])
        ]
        return alike[0] if alike else None

    def spelt(self, letters: str) -> str | None:
        """Return the pair whose pinyin somebody typed as letters, e.g. 耳机 for `erji`."""
        return next(iter(self._by_sound.get(letters, ())), None)

    @cached_property
    def _by_sound(self) -> Mapping[str, tuple[str, ...]]:
        """Sound → the pairs that have it, most frequent first."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for pair in sorted(self._pairs, key=lambda each: (-self._pairs[each], each)):
            sound = _sound(pair)
            if sound.isalpha() and sound.isascii():
                found[sound].append(pair)
        return {sound: tuple(pairs) for sound, pairs in found.items()}


def _sound(pair: str) -> str:
    return "".join(lazy_pinyin(pair))
