"""How unlikely it is that one word is typed as another: slips of fingers and ears."""

from collections.abc import Sequence
from itertools import accumulate
from math import inf

_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")

_MISSING = 2.3
"""A letter was left out. Costs are negative natural logarithms. A wrong or an added letter costs
more than a missing one, since it had to be that one of 26."""
_MISSING_DOUBLE = 1.6
_SWAPPED = 2.9
_ADDED = 6.5
_ADDED_DOUBLE = 5.0
_REPLACED = 6.8
_REPLACED_ALIKE = 5.0
"""By a neighbouring key, or a vowel by a vowel."""
_FIRST_LETTER = 2.0
"""Added where the first letter is concerned, unless it is swapped: it is rarely wrong. Source:
Pollock and Zamora 1984 found it wrong in fewer than one misspelling in twelve."""
_SOUNDS_ALIKE = 1.4
"""Taken off where both words sound alike."""
CHEAPEST_EDIT = 1.4
"""No edit costs less, two that sound alike aside."""

_SOUNDS = (
    ("ph", "f"), ("gh", "g"), ("ck", "k"), ("qu", "k"), ("c", "k"), ("z", "s"), ("x", "ks"),
    ("wh", "w"), ("kn", "n"), ("wr", "r"), ("y", "i"), ("dg", "g"), ("j", "g"),
)  # fmt: skip


def _neighbours() -> frozenset[tuple[str, str]]:
    places = {
        key: (row, column + row * 0.5)
        for row, keys in enumerate(_KEY_ROWS)
        for column, key in enumerate(keys)
    }
    return frozenset(
        (first, second)
        for first, (row, column) in places.items()
        for second, (other_row, other_column) in places.items()
        if first != second and abs(row - other_row) <= 1 and abs(column - other_column) <= 1
    )


_ALIKE = _neighbours() | {(one, other) for one in _VOWELS for other in _VOWELS}


def edit_cost(typed: str, meant: str) -> float:
    """Return the negative logarithm of how likely a meant word is typed so, its edits taken alone.

    An edit leaves a letter out, adds or replaces one, or swaps two neighbours. The cheapest edits
    count. Constants: see `word_likelihood`.
    """
    if typed == meant:
        return 0.0
    alike = _SOUNDS_ALIKE if _sound(typed) == _sound(meant) else 0.0
    return _cheapest_edits(typed, meant) - alike


def _cheapest_edits(typed: str, meant: str) -> float:
    """Weigh what lies between the letters that both words begin and end with.

    Source: the Damerau-Levenshtein distance (Lowrance and Wagner 1975) with a weight an edit, where
    one letter at most stands between two that are swapped.
    """
    start, typed_end, meant_end = _differing(typed, meant)
    places = range(start, meant_end)
    missing = [_missing(meant, at) for at in places]
    rows = [list(accumulate(missing, initial=0.0))]
    for place in range(start, typed_end):
        letter, above = typed[place], rows[-1]
        costs = [above[0] + _added(letter, meant, start)]
        for column, at in enumerate(places, start=1):
            cost = min(
                above[column - 1] + _replaced(letter, meant[at], at),
                above[column] + _added(letter, meant, at + 1),
                costs[-1] + missing[column - 1],
            )
            if column > 1 and place > start and letter in meant[max(at - 2, start) : at]:
                cost = min(cost, _swapped(typed[start : place + 1], meant[start : at + 1], rows))
            costs.append(cost)
        rows.append(costs)
    return rows[-1][-1]


def _swapped(typed: str, meant: str, rows: Sequence[Sequence[float]]) -> float:
    """Return the cost when the last letters are swapped, one between them at most; else infinite.

    Args:
        typed: from the first letter that differs.
        meant: the same of the other word.
        rows: the costs of each shorter beginning of `typed` against each of `meant`.
    """
    column = len(meant)
    found = [inf]
    if typed[-1] == meant[-2] and typed[-2] == meant[-1]:
        found.append(rows[-2][column - 2])
    if typed[-1] == meant[-2] and typed[-3:-2] == meant[-1]:
        found.append(rows[-3][column - 2] + _ADDED)
    if typed[-1] == meant[-3:-2] and typed[-2] == meant[-1]:
        found.append(rows[-2][column - 3] + _MISSING)
    return min(found) + _SWAPPED


def _differing(typed: str, meant: str) -> tuple[int, int, int]:
    """Return how many first letters are equal, and where in each word the equal end begins."""
    start = 0
    shorter = min(len(typed), len(meant))
    while start < shorter and typed[start] == meant[start]:
        start += 1
    same = 0
    while same < shorter - start and typed[-1 - same] == meant[-1 - same]:
        same += 1
    return start, len(typed) - same, len(meant) - same


def _missing(meant: str, at: int) -> float:
    if at == 0:
        return _MISSING + _FIRST_LETTER
    doubled = meant[at] == meant[at - 1] or meant[at] == meant[at + 1 : at + 2]
    return _MISSING_DOUBLE if doubled else _MISSING


def _added(letter: str, meant: str, at: int) -> float:
    """Return the cost of a letter that was typed before a place of the meant word."""
    if letter == meant[at : at + 1] or (at and letter == meant[at - 1]):
        return _ADDED_DOUBLE
    return _ADDED if at else _ADDED + _FIRST_LETTER


def _replaced(typed: str, meant: str, at: int) -> float:
    if typed == meant:
        return 0.0
    cost = _REPLACED_ALIKE if (typed, meant) in _ALIKE else _REPLACED
    return cost if at else cost + _FIRST_LETTER


def _sound(word: str) -> str:
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    kept = [letter for place, letter in enumerate(word) if letter != word[place - 1 : place]]
    return "".join(kept)
