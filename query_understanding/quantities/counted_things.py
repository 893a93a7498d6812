"""The grammar of counts: `at least 8 ports`, `4 usb ports`, `2 to 4 seats`, 至少8个接口, 200页以上.

Only what the catalogue counts is read: the thing has to be the last word of an attribute's name,
and each word before it one of the name's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from query_understanding.lexicon.lexicon import MeasuredAttribute
from query_understanding.lexicon.product_words import is_cjk, singular, unit_texts, units
from query_understanding.quantities.counted_names import CountedNames
from query_understanding.quantities.range_expressions import bound_after, bound_before
from search_core import NUMBER, parse_number

_AROUND = 0.1
"""`about 200 pages` takes 180 to 220."""
_MOST_WORDS = 4
"""Of what is counted: `usb 3.0 type a ports` is longer than anybody types."""
_MOST_NUMBERS = 16
"""Of a text: more are pasted tables."""
_LONGEST = 60
"""Characters of them."""
_COUNT = re.compile(rf"(?<![a-z0-9.,])(?<![a-z]-){NUMBER}(?![\d.,])", re.IGNORECASE)
_LOW = re.compile(
    rf"(?P<said>(?<![\w-])(?:(?:in )?between|from)\s+|(?<![\w.,-]))(?P<number>{NUMBER})\s*"
    r"(?:(?P<both>and)|to|-|–|~|到|至)\s*$",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"\d+(?:\.\d+|,(?!\d{3}$)\d+)")
"""Things are counted in whole numbers: `usb 3.0 ports` are not three."""
_CLASSIFIER = re.compile(r"[个只条张片支把枚口块颗粒组套位名]")
_LATIN = re.compile(r"[a-z0-9][a-z0-9. -]{0,15}", re.IGNORECASE)
_TAIL = re.compile(r"之间|的")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedThings:
    """How many of something, and where that is said."""

    start: int
    end: int
    attribute: MeasuredAttribute
    is_bounded: bool
    """`at least 8 ports`, not `8 ports`."""
    greater_than: float | None = None
    at_least: float | None = None
    less_than: float | None = None
    at_most: float | None = None


def counted_things(text: str, names: CountedNames) -> tuple[CountedThings, ...]:
    """Return what is counted in a text, in order, without overlaps.

    Args:
        text: normalised: half-width digits and signs.
        names: what the catalogue counts.
    """
    if names.is_empty:
        return ()
    found: list[CountedThings] = []
    for count in islice(_COUNT.finditer(text), _MOST_NUMBERS):
        read = _read(text, count, names)
        if read is not None and (not found or read.start >= found[-1].end):
            found.append(read)
    return tuple(found)


def _read(text: str, count: re.Match[str], names: CountedNames) -> CountedThings | None:
    number = _whole_number(count[0])
    inner = bound_after(text, count.end())  # `8 or more ports`, `8+ ports`
    thing = _thing(text, inner[1] if inner else count.end(), names)
    if number is None or thing is None:
        return None
    attribute, end = thing
    low = _LOW.search(text[: count.start()])
    # `pi 3 and 4 ports` are not between three and four.
    lowest = _whole_number(low["number"]) if low and (low["said"] or not low["both"]) else None
    if low is not None and lowest is not None and lowest <= number:
        return CountedThings(
            start=low.start(), end=_end(text, end), attribute=attribute, is_bounded=True,
            at_least=lowest, at_most=number,
        )  # fmt: skip
    before, after = bound_before(text, count.start()), bound_after(text, end)
    bound = before or inner or after
    return CountedThings(
        start=before[1] if before else count.start(),
        end=_end(text, after[1] if after and bound is after else end),
        attribute=attribute,
        is_bounded=bound is not None,
        **_bounds(bound[0] if bound else "", number),
    )


def _whole_number(written: str) -> float | None:
    return None if _FRACTION.fullmatch(written.strip()) else parse_number(written)


def _bounds(bound: str, number: float) -> Mapping[str, float]:
    if bound == "about":
        return {"at_least": number * (1 - _AROUND), "at_most": number * (1 + _AROUND)}
    return {bound: number} if bound else {"at_least": number, "at_most": number}


def _thing(text: str, place: int, names: CountedNames) -> tuple[MeasuredAttribute, int] | None:
    """Return what is counted at a place, and where its name ends."""
    start = place + len(text[place:]) - len(text[place:].lstrip(" -"))
    if is_cjk(text[start : start + 1]):
        return _chinese_thing(text, start, names)
    said: list[str] = []
    longest = None
    for unit in units(text[start : start + _LONGEST])[:_MOST_WORDS]:
        if is_cjk(unit.text) or (not said and unit.start):
            break
        said += map(singular, unit.text.split("."))  # `usb 2.0` is usb_2_0 in names
        attribute = names.meant(said)
        if attribute is not None:
            longest = attribute, start + unit.end
    return longest


def _chinese_thing(
    text: str, place: int, names: CountedNames
) -> tuple[MeasuredAttribute, int] | None:
    """Read 个接口, 个USB接口, or 页: what elsewhere is a measure word can be the thing."""
    classifier = _CLASSIFIER.match(text, place)
    for start in (place, *([classifier.end()] if classifier else ())):
        latin = _LATIN.match(text, start)
        end = latin.end() if latin else start
        thing = names.chinese_thing(text, end)
        if thing is not None:
            words = [singular(each) for each in unit_texts(text[start:end])]
            attribute = names.meant([*words, thing])
            if attribute is not None:
                return attribute, end + len(thing)
    return None


def _end(text: str, place: int) -> int:
    tail = _TAIL.match(text, place)
    return tail.end() if tail else place
