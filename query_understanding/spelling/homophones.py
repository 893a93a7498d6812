"""Chinese words by their sound: what a pinyin keyboard offers first is often another word."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from pypinyin import lazy_pinyin

_LEAST_PRODUCTS = 2
"""Fewer have a pair of characters by chance: the end of one word and the beginning of another."""

_LONG = 4
"""Characters beside each other that say together that the catalogue is meant, all but one known."""


class Homophones:
    """Looks up two-character words of a catalogue by sound. Tones do not matter."""

    def __init__(self, pairs: Mapping[str, int]) -> None:
        """Take the catalogue's pairs of characters and how many products have each."""
        self._pairs = pairs

    def meant_in(self, run: str) -> list[tuple[int, str]]:
        """Return the characters of a run that stand for others of the same sound, by their place.

        A pair that the catalogue lacks is a slip only where the catalogue has another of the same
        sound, one of whose characters is right, and where the corrected character belongs to its
        other neighbour as well: 帐 of 用帐篷 is not 长, although a title has 用长, for none has
        长篷. In runs of two or three characters, a pair that ends there has to be in two products.
        Two wrong characters of the same sound are rarely a slip, and often a word that the
        catalogue lacks (冬被, a winter quilt, is not 东北).

        Args:
            run: Chinese characters, folded.
        """
        found, place, text = [], 0, run
        while place < len(text) - 1:
            at = self._wrong_of(text, place)
            if at is not None:
                found.append(at)
                text = text[: at[0]] + at[1] + text[at[0] + 1 :]
            place += 1
        return found

    def knows(self, run: str) -> bool:
        """Whether the catalogue has all characters of a run that stand side by side so."""
        return all(run[place : place + 2] in self._pairs for place in range(len(run) - 1))

    def _wrong_of(self, text: str, place: int) -> tuple[int, str] | None:
        """Return which character of the pair at a place is wrong, and which one was meant."""
        pair = text[place : place + 2]
        if pair in self._pairs:
            return None
        for other in self._by_sound.get(_sound(pair), ()):
            wrong = [at for at in (0, 1) if other[at] != pair[at]]
            if len(wrong) != 1:
                continue
            at = place + wrong[0]
            around = text[max(at - 1, 0) : at] + other[wrong[0]] + text[at + 1 : at + 2]
            alone = len(around) == len(pair) and len(text) < _LONG
            if alone and self._pairs[other] < _LEAST_PRODUCTS:
                continue
            if self.knows(around):
                return at, other[wrong[0]]
        return None

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
