"""Derives from running text what goes with what: a truth that ranking does not read.

`accessory_cases` reads attributes that say what a product fits, and so does ranking. Here a product
goes with another if its title or description says that it is `for` it, by a name with a model
number (`tray for LaserJet 4650dn`) that stands near the start of the other's title. Products that
any text says are for something are no main products. Attributes are not looked at.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchmarks.accessory_cases import AccessoryCase
from search_core import singular, unit_texts

_FOR = re.compile(
    r"(?<!\w)(?:for(?: use with)?|fits|compatible with|works with)\s+(?:the |your )?"
    r"([^.;:()\n]{3,90})",
    re.IGNORECASE,
)
_APART = re.compile(r"[,/&]|\band\b|\bor\b")
_MODEL = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z\d]{4,}")
_QUANTITY = re.compile(r"\d{1,3}[a-z]{1,3}")
_PLACES_OF_A_NAME = 3
_LONGEST_NAME = 6


def told_cases(documents: Iterable[Mapping[str, Any]]) -> tuple[AccessoryCase, ...]:
    """Return the names that texts say other products are for, as queries.

    Args:
        documents: with `id`, `title` and `description`.
    """
    products = list(documents)
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for each in products:
        if _FOR.search(each["title"]) is None:
            for name in _names(_words(each["title"])):
                bearers[name].add(each["id"])
    told: defaultdict[str, set[str]] = defaultdict(set)
    for each in products:
        own = f" {' '.join(_words(_FOR.split(each['title'])[0]))} "
        for text in (each["title"], each.get("description") or ""):
            for name in _told(text):
                if name in bearers and f" {name} " not in own:
                    told[name].add(each["id"])
    accessories = {each for ids in told.values() for each in ids}
    return tuple(
        AccessoryCase(
            sort="told", query=name, mains=frozenset(mains), accessories=frozenset(told[name])
        )
        for name in sorted(told)
        if (mains := bearers[name] - accessories)
    )


def _told(text: str) -> Iterator[str]:
    for match in _FOR.finditer(text):
        for part in _APART.split(match[1]):
            yield from _names(_words(part))


def _words(text: str) -> list[str]:
    return [singular(each) for each in unit_texts(text)]


def _names(words: list[str]) -> Iterator[str]:
    """Yield the phrases near the start that end with a model number."""
    for start in range(_PLACES_OF_A_NAME):
        for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
            if _MODEL.fullmatch(words[end - 1]) and not _QUANTITY.fullmatch(words[end - 1]):
                yield " ".join(words[start:end])
