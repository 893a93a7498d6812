"""English number words: `ten`, `twenty-five`, `a hundred and fifty`, `fifteen hundred`."""

import re
from collections.abc import Callable

_ONES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9,
}  # fmt: skip
_TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_POWERS = {"hundred": 100, "thousand": 1_000}

_POWER = "|".join(_POWERS)
_WORD = rf"(?:{'|'.join([*_ONES, *_TEENS, *_TENS, *_POWERS])})(?![a-z])"
_AND = rf"(?:(?<=hundred)|(?<=thousand))\s+and\s+(?!{_WORD}\s+(?:{_POWER})(?![a-z]))"
"""Elsewhere it stands between two numbers: `between ten and twenty`."""
_MOST_MORE = 7
"""Words of one number behind the first; of more, somebody counts."""
WORDED_NUMBER = (
    rf"(?<![\w-])(?:an?\s+(?=(?:{_POWER})(?![a-z])))?{_WORD}"
    rf"(?:(?:{_AND}|\s+|-){_WORD}){{0,{_MOST_MORE}}}"
)
"""Pattern of what may be one number, without groups. Lower case."""
_WORDED = re.compile(WORDED_NUMBER, re.IGNORECASE)
_SINGLE = re.compile(r"[a-z]+", re.IGNORECASE)


def in_digits(
    text: str, is_wanted: Callable[[str, int, int, int], bool]
) -> tuple[str, Callable[[int], int]]:
    """Write number words of a text in digits.

    Args:
        text: any text.
        is_wanted: says it of a text, where in it a number begins and ends, and the number.

    Returns:
        The text, and what turns a place in it into the same place of the text that was given.
    """
    shifts: list[tuple[int, int]] = []
    written, done = "", 0
    for match in _WORDED.finditer(text):
        number = worded_number(match[0])
        if number is None or not is_wanted(text, match.start(), match.end(), number):
            continue
        written += f"{text[done : match.start()]}{number}"
        done = match.end()
        shifts.append((len(written), done - len(written)))
    return (
        written + text[done:],
        lambda place: (
            place + max((shift for shift in shifts if shift[0] <= place), default=(0, 0))[1]
        ),
    )


def worded_number(text: str) -> int | None:
    """Return the number that a text matched by `WORDED_NUMBER` stands for.

    `None`: it is several (`nineteen eighty four`, `one and two`).
    """
    total = below = 0
    below_thousand = True
    for word in _SINGLE.findall(text.lower()):
        if word in ("a", "an", "and"):
            continue
        if word in _POWERS:
            power = _POWERS[word]
            if power == _POWERS["hundred"] and below < power:
                below = max(below, 1) * power
            elif power > _POWERS["hundred"] and below_thousand:
                total, below, below_thousand = max(below, 1) * power, 0, False
            else:
                return None
            continue
        number = (_ONES | _TEENS | _TENS)[word]
        room = 10 if word in _ONES and below % 100 in _TENS.values() else 100
        if below % room:
            return None
        below += number
    return total + below
