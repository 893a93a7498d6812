"""Chinese words by their sound: what a pinyin keyboard offers first is often another word."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pypinyin import lazy_pinyin

from query_understanding.spelling.chinese_words import in_words

_LEAST_PRODUCTS = 2
"""Fewer have a pair of characters by chance: the end of one word and the beginning of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Characters that stand for others of the same sound."""

    place: int
    """In the run."""
    becomes: str
    """As many characters as were meant."""
    clear: bool
    """Whether what was typed is hardly a word itself."""


class Homophones:
    """Looks up two-character words of a catalogue by sound. Tones do not matter."""

    def __init__(
        self,
        pairs: Mapping[str, int],
        words_of: Callable[[str], Sequence[bool]] = in_words,
    ) -> None:
        """Take what is right.

        Args:
            pairs: the catalogue's pairs of characters, and how many products have each.
            words_of: says for each character of a run whether it is part of a word of the language.
        """
        self._pairs = pairs
        self._words_of = words_of

    def meant_in(self, run: str) -> list[Heard]:
        """Return the characters of a run that stand for others of the same sound.

        A pair that the catalogue lacks may be a slip where the catalogue has another of the same
        sound that fits its neighbours as well: 帐 of 用帐篷 is not 长, although a title has 用长,
        for none has 长篷.

        It is a clear slip where one character is wrong that is in no word of the language (蓝芽,
        for 蓝牙). A word of the language may be meant as it is (毛衣, a sweater, is not 毛一),
        unless the catalogue then has all of the run side by side, beyond the word itself: 首级壳,
        for 手机壳. By itself it is no clear slip, where its sound is that of another word.

        Args:
            run: Chinese characters, folded.
        """
        found, place, text = [], 0, run
        while place < len(text) - 1:
            heard = self._heard_at(text, place)
            if heard is not None:
                found.append(heard)
                end = heard.place + len(heard.becomes)
                text = f"{text[: heard.place]}{heard.becomes}{text[end:]}"
            place += 1
        return found

    def knows(self, run: str) -> bool:
        """Whether the catalogue has all characters of a run that stand side by side so."""
        return all(run[place : place + 2] in self._pairs for place in range(len(run) - 1))

    def _heard_at(self, text: str, place: int) -> Heard | None:
        """Return what was meant by the pair at a place; a clear slip goes before any other."""
        pair = text[place : place + 2]
        if pair in self._pairs:
            return None
        read = [
            heard
            for other in self._by_sound.get(_sound(pair), ())
            if (heard := self._heard(text, place, other)) is not None
        ]
        return next((each for each in read if each.clear), read[0] if read else None)

    def _heard(self, text: str, place: int, other: str) -> Heard | None:
        """Return the slip that a pair at a place would be, if another of its sound was meant."""
        corrected = f"{text[:place]}{other}{text[place + 2 :]}"
        wrong = [at for at in (place, place + 1) if corrected[at] != text[at]]
        start, end = wrong[0], wrong[-1] + 1
        around = corrected[max(start - 1, 0) : end + 1]
        if not self.knows(around):
            return None
        if len(wrong) == 1 and not self._words_of(text)[start]:
            return Heard(place=start, becomes=corrected[start:end], clear=True)
        if not all(self._words_of(corrected)[start:end]):
            return None  # not from a word of the language to what is none
        confirmed = len(around) > len(other) and self.knows(corrected)
        # 冬被, a winter quilt that no list has, is not 东北.
        is_word = all(self._words_of(text)[start:end])
        if confirmed or (is_word and self._pairs[other] >= _LEAST_PRODUCTS):
            return Heard(place=start, becomes=corrected[start:end], clear=confirmed)
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
