"""Text as the units that queries and catalogue are compared by.

A unit is a word of an alphabetic script, a number with what is glued to it (`15.6`, `usb3`, `2tb`),
or one Chinese, Japanese or Korean character. Units keep their place in the text, so that a rewriter
replaces exactly what it read.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_UNIT = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[^\W_])+(?:[.,](?=\d)(?:(?![{_CJK}])[^\W_])+)*")
_IS_CJK = re.compile(rf"[{_CJK}]")
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit and where it stands."""

    text: str
    """Folded: see `fold`."""
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Letters only, in an alphabetic script: what spelling may be wrong in."""
        return self.text.isalpha() and not is_cjk(self.text)


def fold(text: str) -> str:
    """Return text in the form in which it is compared: width, case and accents do not matter.

    The length can change; `units` folds each unit by itself, so that places stay true.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize(
        "NFC", "".join(each for each in decomposed if not unicodedata.combining(each))
    )


def is_cjk(text: str) -> bool:
    """Say whether text has a Chinese, Japanese or Korean character."""
    return _IS_CJK.search(text) is not None


def units(text: str) -> tuple[Unit, ...]:
    """Return the units of a text, in order."""
    return tuple(
        Unit(text=fold(match[0]), start=match.start(), end=match.end())
        for match in _UNIT.finditer(text)
    )


def unit_texts(text: str) -> list[str]:
    """Return the folded units of a text without their places: what learning reads."""
    return [fold(each) for each in _UNIT.findall(text)]


def singular(word: str) -> str:
    """Return an English word without its plural ending; other words are left alone.

    Source: Harman 1991, "How effective is suffixing?", the S-stemmer.
    """
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or not word.isascii():
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    if word.endswith(("us", "ss", "is")):
        return word
    return word[:-1]


def phrase_of(words: Sequence[str]) -> str:
    """Return the key under which a phrase is looked up: folded units, plurals undone."""
    return " ".join(singular(each) for each in words)


def phrase_key(text: str) -> str:
    """Return the key of a phrase as the catalogue writes it."""
    return phrase_of(unit_texts(text))
