"""Learns which names of products other products say that they fit.

A toner says `compatibility: LaserJet P2035`, a case `适用型号: 云帆12`. Who types such a name alone
means the product that bears it, and not what goes with it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from query_understanding.categories.seen_phrases import SeenPhrases
from query_understanding.lexicon.bounded_counter import BoundedCounter
from query_understanding.lexicon.lexicon import AttributeValue
from query_understanding.lexicon.product_words import is_cjk, phrase_key, phrase_of

_SAYS_WHAT_IT_FITS = re.compile(
    r"(?<!in)compatib|replacement.for|(?<![a-z])fits(?![a-z])"
    r"|适用(?!人|季节|性别|年龄|场|对象|范围|空间|面积)|适配|兼容",
    re.IGNORECASE,
)
"""In the name of an attribute, English or Chinese; whom or when something suits (适用人群) is no
such name. That is not enough: see `_could_be_a_name`, and the value has to name another product
(`compatible operating systems` names none)."""
_VALUES_APART = re.compile(r"[,;\n/、，；]|\\n")
_FOR = re.compile(r"(?<!\w)(?:for|fits|compatible with)(?!\w)|适用|适配|兼容", re.IGNORECASE)
_PLACES_OF_A_NAME = 3
"""A product's own name begins within so many words of its title's start: after the brand."""
_LONGEST_NAME = 6
_FEWEST_CHARACTERS = 4
_LONGEST_VALUE = 200
"""Characters: longer values of attributes cannot be filtered by."""
_MOST_STATEMENTS = 60_000
"""Different statements (name, attribute, value) counted at once."""
_MOST_VALUES_A_NAME = 12
"""Each is a term of every search for the name."""


class FittedNames:
    """Collects, product by product, what products are called and what they say that they fit."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._names = SeenPhrases()
        self._statements: BoundedCounter[tuple[str, str, str]] = BoundedCounter(_MOST_STATEMENTS)

    def observe(
        self, title: str, units: Sequence[str], attributes: Sequence[Mapping[str, Any]]
    ) -> None:
        """Read one product.

        Args:
            title: as it is written.
            units: of the title, folded.
            attributes: as they are stored.
        """
        stated = list(_statements(attributes))
        self._statements.update(set(stated))
        if _FOR.search(title):
            return
        fitted = {name for name, _, _ in stated}
        for name in _names(units):
            # `toner cartridge for X, fits X` is called X in its title, and is none.
            if name not in fitted:
                self._names.add(name)

    def found(self) -> dict[str, tuple[AttributeValue, ...]]:
        """Return the names that some product bears, with the values that say that they fit it."""
        found: defaultdict[str, list[AttributeValue]] = defaultdict(list)
        for (name, attribute, value), count in self._statements.counts().most_common():
            values = found[name] if name in self._names else []
            if len(values) < _MOST_VALUES_A_NAME:
                values.append(AttributeValue(attribute=attribute, value=value, count=count))
        return {name: tuple(values) for name, values in found.items()}


def _statements(attributes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield each name that a product says it fits, with the attribute and value that say so."""
    for attribute in attributes:
        value = attribute["value"]
        if not isinstance(value, str) or len(value) > _LONGEST_VALUE or attribute.get("unit"):
            continue
        if not _SAYS_WHAT_IT_FITS.search(attribute["name"]):
            continue
        for part in _VALUES_APART.split(value):
            name = phrase_key(part)
            if _could_be_a_name(name):
                yield name, attribute["name"], value


def _names(units: Sequence[str]) -> Iterator[str]:
    """Yield the phrases near a title's start that could be the product's own name."""
    for start in range(min(_PLACES_OF_A_NAME, len(units))):
        for end in range(start + 1, min(start + _LONGEST_NAME, len(units)) + 1):
            name = phrase_of(units[start:end])
            if _could_be_a_name(name):
                yield name


def _could_be_a_name(phrase: str) -> bool:
    """One word without a digit is a brand or a sort of thing; digits alone may be anything.

    Of Chinese characters, which are units of their own, two or three are mostly one word.
    """
    letters = any(letter.isalpha() for letter in phrase)
    digits = any(letter.isdigit() for letter in phrase)
    units = phrase.count(" ") + 1
    return letters and (digits or units >= (_FEWEST_CHARACTERS if is_cjk(phrase) else 2))
