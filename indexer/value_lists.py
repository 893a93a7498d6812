"""Columns whose cells hold several values of one attribute: `S|M|L`, `S; M; L`, `red, blue`."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from indexer.field_evidence import FieldEvidence, word_count
from indexer.text_cleaning import clean_text

_STRONG = ("|", ";", "；", "、")
"""Seldom part of a value."""
_WEAK = (",", "，")
"""Part of many a value, `Paris, France` and `1,5`: the column has to show that it is none."""
_LONGEST_VALUE, _MOST_WORDS = 40, 4
"""Characters and words of a value; longer ones are sentences."""
_SHORT_SHARE = 0.95
_LEAST_LISTS = 3
"""Different texts with the separator. Fewer may be a coincidence."""
_REPEATED_SHARE = 0.8
"""Share of the values in lists that other cells have as well: values of a choice come again."""
_MOVING_SHARE = 0.5
"""Share of them that stand alone, or at the beginning here and later there: parts of one value
(`Paris, France`) keep their places."""
_NAMED = re.compile(r"[:=]")
_WITHIN_NUMBER = re.compile(r"\d[,，]\d")


def list_separator(evidence: FieldEvidence) -> str | None:
    """Return what parts the values in a column's cells; `None`: a cell holds one value.

    Args:
        evidence: of a field that holds attribute values.
    """
    if evidence.kind_share("text") < _SHORT_SHARE:
        return None
    # As they will be read: `Salt &amp; Pepper` has no semicolon.
    texts = list(dict.fromkeys(map(clean_text, evidence.texts)))
    for separator in (*_STRONG, *_WEAK):
        lists = [text for text in texts if separator in text]
        if _are_lists(lists, separator) and (separator in _STRONG or _come_again(texts, separator)):
            return separator
    return None


def split_values(text: str, separator: str) -> list[str]:
    """Return the values in a cell, in their order; one that is there twice, once."""
    parts = clean_text(text).split(separator)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _are_lists(texts: Sequence[str], separator: str) -> bool:
    """Say whether texts with a separator look like lists of short values."""
    if len(texts) < _LEAST_LISTS or any(map(_NAMED.search, texts)):
        return False
    cells = [split_values(text, separator) for text in texts]
    values = [value for cell in cells for value in cell]
    short = sum(len(each) <= _LONGEST_VALUE and word_count(each) <= _MOST_WORDS for each in values)
    several = sum(len(cell) > 1 for cell in cells)
    return short >= _SHORT_SHARE * len(values) and several >= _SHORT_SHARE * len(cells)


def _come_again(texts: Sequence[str], separator: str) -> bool:
    """Say whether the values in lists are choices that other cells have, in whatever order."""
    if any(map(_WITHIN_NUMBER.search, texts)):
        return False
    different = {tuple(split_values(text, separator)) for text in texts}
    lists = [cell for cell in different if len(cell) > 1]
    if len(lists) < _LEAST_LISTS:
        return False
    cells = Counter(value for cell in different for value in cell)
    places: dict[str, set[str]] = {}
    for cell in different:
        for value, place in _with_places(cell):
            places.setdefault(value, set()).add(place)
    listed = [value for cell in lists for value in cell]
    repeated = sum(cells[value] > 1 for value in listed)
    moving = sum(len(places[value]) > 1 or "alone" in places[value] for value in listed)
    return repeated >= _REPEATED_SHARE * len(listed) and moving >= _MOVING_SHARE * len(listed)


def _with_places(cell: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(cell) == 1:
        yield cell[0], "alone"
        return
    for number, value in enumerate(cell):
        yield value, "first" if number == 0 else "later"
