"""Derives from a catalogue alone what main products are, and what goes with them.

Nothing is picked by hand. What is read:

- An attribute says what a product fits if its name says so (`compatible_with`, `compatibility`,
  `适用型号`) and its value names another product, that is, stands among the first words of its
  title. Such a product goes with the named one; a product with such an attribute, or whose title
  says that it is for something, is no main product.
- A product type whose name begins with the name of another (`Sofa cover`, `Headphone accessory`)
  goes with that. Some are things of their own (`Stand mixer`): to put one above a
  stand is as wrong.
- A title that has the name of a type after `for` goes with that type.
- A product without a type whose title ends with the name of one (`Z400 Workstation`) is of it, if
  neither an attribute nor the title says that it fits something.

Three sorts of query come of it: names of things that others fit (`fitted`), names of product types
(`kind`), and the last word of such names (`head`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from search_core import is_cjk, phrase_key, singular, unit_texts

_SAYS_WHAT_IT_FITS = re.compile(r"compatib|replacement.for|fits|适用|适配|兼容", re.IGNORECASE)
_VALUES_APART = re.compile(r"[,;\n/、，；]|\\n")
_FOR = re.compile(r"(?<!\w)(?:for|fits|compatible with)(?!\w)|适用|适配|兼容", re.IGNORECASE)
_PLACES_OF_A_NAME = 3
"""A product's own name stands within so many words of its title's start: after the brand."""
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessoryCase:
    """A query with the products that it is about, and those that go with them."""

    sort: str
    """`fitted`, `kind` or `head`."""
    query: str
    mains: frozenset[str]
    accessories: frozenset[str]

    def holds(self, ranked: Sequence[str], cut: int = 5) -> bool:
        """Say whether main products stand above accessories among the first hits.

        They do if one of them is there, and no accessory among the first `cut` hits stands above
        any main product of the catalogue, be that one further down or not found at all: with
        `cut` main products or more, there may be no accessory. Other products do not count.
        """
        first = ranked[:cut]
        found = sum(each in self.mains for each in first)
        if not found:
            return False
        accessories = [place for place, each in enumerate(first) if each in self.accessories]
        if not accessories:
            return True
        above = sum(each in self.mains for each in first[: accessories[0]])
        return above == len(self.mains)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    id: str
    kind: str | None
    words: tuple[str, ...]
    """Of the title, plurals undone."""
    is_for: str
    """What the title says after `for`, as a phrase between spaces; empty: it does not say it."""
    fits: frozenset[str]
    """What attributes say that it fits, as phrases; not all of them name a product."""


def accessory_cases(documents: Iterable[Mapping[str, Any]]) -> tuple[AccessoryCase, ...]:
    """Return the queries of a catalogue that has main products and accessories for them.

    Args:
        documents: with `id`, `title`, `product_type` or `category`, and `attributes`.
    """
    items = _typed_by_title([_item(each) for each in documents])
    fitted = _fitted(items)
    kinds = _kinds(items, fitted)
    return (*fitted, *kinds, *_heads(kinds))


def _item(document: Mapping[str, Any]) -> _Item:
    title = str(document["title"])
    parts = _FOR.split(title, maxsplit=1)
    return _Item(
        id=str(document["id"]),
        kind=_kind(document),
        words=tuple(singular(each) for each in unit_texts(title)),
        is_for=f" {phrase_key(parts[1])} " if len(parts) > 1 else "",
        fits=frozenset(_fits(document.get("attributes") or ())),
    )


def _typed_by_title(items: Sequence[_Item]) -> list[_Item]:
    """Return the items; those without a kind are of the one whose name ends their title."""
    kinds = {phrase_key(each.kind): each.kind for each in items if each.kind is not None}
    kinds.pop("", None)
    return [
        replace(each, kind=_ending(each.words, kinds))
        if each.kind is None and not each.is_for and not each.fits
        else each
        for each in items
    ]


def _ending(words: Sequence[str], kinds: Mapping[str, str]) -> str | None:
    """Return the kind with the longest name that the words end with."""
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        kind = kinds.get(" ".join(words[-count:]))
        if kind is not None and any(letter.isalpha() for letter in kind):
            return kind
    return None


def _kind(document: Mapping[str, Any]) -> str | None:
    if document.get("product_type"):
        return str(document["product_type"])
    categories = document.get("category") or ()
    return str(categories[-1]).rsplit(" > ", 1)[-1] if categories else None


def _fits(attributes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for attribute in attributes:
        if not _SAYS_WHAT_IT_FITS.search(attribute["name"]):
            continue
        for value in _VALUES_APART.split(str(attribute["value"])):
            key = phrase_key(value)
            if _could_be_a_name(key):
                yield key


def _could_be_a_name(key: str) -> bool:
    """One word without a digit is a brand or a sort of thing; digits alone may be anything."""
    letters = any(letter.isalpha() for letter in key)
    return letters and (" " in key or any(letter.isdigit() for letter in key))


def _fitted(items: Sequence[_Item]) -> tuple[AccessoryCase, ...]:
    accessories: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for name in item.fits:
            accessories[name].add(item.id)
    mains: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for name in _names(item) if not item.is_for else ():
            if name in accessories and name not in item.fits:
                mains[name].add(item.id)
    accessory_ids = {each for name in mains for each in accessories[name]}
    return tuple(
        AccessoryCase(
            sort="fitted",
            query=_written(name),
            mains=frozenset(own),
            accessories=frozenset(accessories[name]),
        )
        for name in sorted(mains)
        if (own := mains[name] - accessory_ids)
    )


def _names(item: _Item) -> set[str]:
    """Return the phrases near the title's start that could be the product's own name."""
    return {
        " ".join(item.words[start : start + count])
        for start in range(_PLACES_OF_A_NAME)
        for count in range(1, _LONGEST_NAME + 1)
    }


def _kinds(items: Sequence[_Item], fitted: Sequence[AccessoryCase]) -> tuple[AccessoryCase, ...]:
    by_kind: dict[str, list[_Item]] = defaultdict(list)
    for item in items:
        if item.kind is not None:
            by_kind[item.kind].append(item)
    going_with: dict[str, set[str]] = defaultdict(set)
    for case in fitted:
        for main in case.mains:
            going_with[main] |= case.accessories
    accessory_ids = {each for case in fitted for each in case.accessories}
    cases = []
    for kind, own in sorted(by_kind.items()):
        name = phrase_key(kind)
        mains = {each.id for each in own if each.id not in accessory_ids and not each.is_for}
        accessories = {
            item.id
            for item in items
            if item.kind != kind
            and (f" {name} " in item.is_for or _is_part(name, phrase_key(item.kind or "")))
        }
        accessories |= {each for main in mains for each in going_with[main]}
        accessories -= {each.id for each in own}
        if any(letter.isalpha() for letter in name) and mains and accessories:
            cases.append(
                AccessoryCase(
                    sort="kind",
                    query=kind,
                    mains=frozenset(mains),
                    accessories=frozenset(accessories),
                )
            )
    return tuple(cases)


def _is_part(name: str, longer: str) -> bool:
    """Say whether a kind's name begins another's: the head of `sofa cover` is the cover."""
    return longer != name and longer.startswith(f"{name} ")


def _heads(kinds: Sequence[AccessoryCase]) -> tuple[AccessoryCase, ...]:
    """Return the last words of the names of kinds: `watch` of `Sports watch`.

    Names in Chinese have no words to take the last of: they give none.
    """
    by_head: dict[str, list[AccessoryCase]] = defaultdict(list)
    for case in kinds:
        words = unit_texts(case.query)
        if len(words) > 1 and words[-1].isalpha() and not any(is_cjk(each) for each in words):
            by_head[words[-1]].append(case)
    for case in kinds:  # a kind whose whole name is the head has its own case
        by_head.pop(" ".join(unit_texts(case.query)), None)
    return tuple(
        AccessoryCase(
            sort="head",
            query=head,
            mains=(mains := frozenset().union(*(each.mains for each in cases))),
            accessories=frozenset().union(*(each.accessories for each in cases)) - mains,
        )
        for head, cases in sorted(by_head.items())
    )


def _written(phrase: str) -> str:
    """Return a phrase as it is typed: no spaces between Chinese characters."""
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", phrase)
