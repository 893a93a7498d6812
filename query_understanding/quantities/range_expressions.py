"""The grammar of quantities with a bound: `under 2 kg`, `55 inch or bigger`, 2公斤以下, `20-30 cm`.

Prices have a grammar of their own: here every number has a unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search_core import NUMBER, Quantity, parse_number, quantities

_AROUND = 0.1
"""`about 2 kg` takes 1.8 to 2.2."""

_THAN = r"(?:more|less|fewer|higher|lower|bigger|larger|greater|smaller|longer|shorter|wider|"
_THAN += r"narrower|taller|deeper|heavier|lighter|thicker|thinner|faster|over|above|under|below)"
_GROWN = r"(?:more|higher|bigger|larger|greater|longer|wider|taller|deeper|heavier|thicker|faster)"
_SHRUNK = r"(?:less|fewer|lower|smaller|shorter|narrower|lighter|thinner|slower)"

_BEFORE: tuple[tuple[str, str], ...] = (
    ("at_most", rf"(?:no|not) (?:{_GROWN} than|over|above|exceeding)"),
    ("at_least", rf"(?:no|not) (?:{_SHRUNK} than|under|below)"),
    ("at_most", r"up to|upto|at most|max(?:imum)?(?: of)?|within|<=|≤"),
    ("at_least", r"at least|min(?:imum)?(?: of)?|starting (?:at|from)|from|>=|≥"),
    ("less_than", rf"under|below|beneath|{_SHRUNK} than|<"),
    ("greater_than", rf"over|above|{_GROWN} than|exceeding|upwards of|>"),
    ("about", r"around|about|approx(?:imately|\.)?|roughly|circa|~|≈"),
    ("at_most", r"不超过|不多于|不高于|不大于|最多|最高|最大|至多|顶多"),
    ("at_least", r"至少|最少|最低|最小|不低于|不少于|不小于|起码"),
    ("less_than", r"低于|少于|小于|不到|不足|轻于|短于"),
    ("greater_than", r"高于|超过|大于|多于|重于|长于"),
    ("about", r"大概|大约|约"),
)
_AFTER: tuple[tuple[str, str], ...] = (
    ("at_least", rf"(?:or|and) (?:{_GROWN}|over|above|up|upwards)\b|\+|(?:minimum|min)\b"),
    ("at_most", rf"(?:or|and) (?:{_SHRUNK}|under|below)\b|(?:maximum|max|tops)\b"),
    ("at_least", r"(?:及|或)?(?:以上|之上|往上)|起步?|或更(?:大|重|长|高|多)"),
    ("at_most", r"(?:及|或)?(?:以下|之下|以内|之内)|或更(?:小|轻|短|低|少)"),
    ("about", r"左右|上下"),
)
_LOW = re.compile(
    rf"(?:(?<![\w-])(?:in )?between\s+|(?<![\w-])from\s+|(?<![\w.,]))"
    rf"(?P<number>{NUMBER})\s?(?P<unit>[^\W\d]{{0,11}}[\"”″]?)\s*(?:and|to|-|–|—|~|～|到|至)\s*$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:之间|的)|\s+(?:in (?:size|weight|length|height|width|depth)|wide|tall|high|long|deep|"
    r"thick|heavy)(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(NUMBER, re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeExpression:
    """A range of a quantity in a text, and where it stands."""

    start: int
    end: int
    quantity: Quantity
    """The one that the bound stands beside; of a range, the upper."""
    greater_than: float | None = None
    at_least: float | None = None
    less_than: float | None = None
    at_most: float | None = None
    """All in the smallest unit of the quantity's dimension."""


def _compiled(table: tuple[tuple[str, str], ...], form: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(bound, re.compile(form.format(words=words), re.IGNORECASE)) for bound, words in table]


# A word of English begins after a space or a sign; Chinese has no spaces (沐浴露至少750ml).
_BOUNDS_BEFORE = _compiled(_BEFORE, r"(?:(?<![\w-])|(?=[一-鿿]))(?:{words})\s*(?:an?\s+)?$")
_BOUNDS_AFTER = _compiled(_AFTER, r"\s*(?:in (?:size|length|height|width)\s+)?(?:{words})")


def range_expressions(text: str) -> tuple[RangeExpression, ...]:
    """Return the ranges of quantities in a text, in order, without overlaps.

    Args:
        text: normalised: half-width digits and signs.
    """
    return tuple(sorted(_expressions(text), key=lambda each: each.start))


def _expressions(text: str) -> Iterator[RangeExpression]:
    """Read from the right: the second of two numbers says what the first is."""
    limit = len(text)
    for quantity in reversed(tuple(quantities(text))):
        if quantity.end > limit:
            continue  # the lower end of the range before
        found = _between(text, quantity) or _bounded(text, quantity)
        if found is not None and found.end <= limit:
            yield found
            limit = found.start


def _between(text: str, quantity: Quantity) -> RangeExpression | None:
    """Read `20 to 30 cm`, with or without a unit behind the first number."""
    match = _LOW.search(text[: quantity.start])
    low = _lower_end(match, quantity) if match else None
    if match is None or low is None or low > quantity.amount:
        return None
    return RangeExpression(
        start=match.start(),
        end=_end(text, quantity.end),
        quantity=quantity,
        at_least=low,
        at_most=quantity.amount,
    )


def _lower_end(match: re.Match[str], quantity: Quantity) -> float | None:
    if match["unit"]:
        first = next(iter(quantities(f"{match['number']} {match['unit']}")), None)
        return first.amount if first and first.dimension == quantity.dimension else None
    number, upper = parse_number(match["number"]), _number_of(quantity)
    # Without a unit of its own, it is in the unit of the second.
    return number * quantity.amount / upper if number is not None and upper else None


def _number_of(quantity: Quantity) -> float | None:
    written = _NUMBER.match(quantity.written)
    return parse_number(written[0]) if written else None


def _bounded(text: str, quantity: Quantity) -> RangeExpression | None:
    before = bound_before(text, quantity.start)
    if before is not None:
        return _expression(before[0], before[1], _end(text, quantity.end), quantity)
    after = bound_after(text, quantity.end)
    if after is not None:
        return _expression(after[0], quantity.start, _end(text, after[1]), quantity)
    return None


def bound_before(text: str, place: int) -> tuple[str, int] | None:
    """Return the bound that ends at a place, and where it begins; `None`: there is none.

    A bound is the name of one of `RangeExpression`'s, or `about`.
    """
    for bound, pattern in _BOUNDS_BEFORE:
        match = pattern.search(text[:place])
        if match is not None:
            return bound, match.start()
    return None


def bound_after(text: str, place: int) -> tuple[str, int] | None:
    """Return the bound that begins at a place, white space aside, and where it ends."""
    for bound, pattern in _BOUNDS_AFTER:
        match = pattern.match(text, place)
        if match is not None:
            return bound, match.end()
    return None


def _end(text: str, place: int) -> int:
    tail = _TAIL.match(text, place)
    return tail.end() if tail else place


def _expression(bound: str, start: int, end: int, quantity: Quantity) -> RangeExpression:
    amount = quantity.amount
    bounds = (
        {"at_least": amount * (1 - _AROUND), "at_most": amount * (1 + _AROUND)}
        if bound == "about"
        else {bound: amount}
    )
    return RangeExpression(start=start, end=end, quantity=quantity, **bounds)
