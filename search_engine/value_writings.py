"""One value for the several ways in which a catalogue and we write the same quantity.

`6,3 kg` is stored as the catalogue writes it and, as the quantity that it is, as `6.3 kg`. The
second is shared by every writing: it belongs to each product that has one of them.
"""

import re
from collections.abc import Mapping, Sequence

from search_core import FacetValue
from search_engine.attribute_terms import display_value

_DECIMAL = re.compile(r"(-?\d+)[.,](\d+)(?!\d*[.,]\d)(.*)", re.DOTALL)


def one_of_each(values: Sequence[FacetValue]) -> list[FacetValue]:
    """Return counted values, those that say the same as one, in their order.

    Where all products of a quantity write it alike, the catalogue's writing stays, else ours, which
    has them all.
    """
    counts = {each.value: each.count for each in values}
    ours = {each.value: _plain(each.value) for each in values}
    left_out = {
        plain if counts[plain] == counts[value] else value
        for value, plain in ours.items()
        if _is_another_writing(value, plain, counts)
    }
    return [each for each in values if each.value not in left_out]


def _is_another_writing(value: str, plain: str, counts: Mapping[str, int]) -> bool:
    return plain != value and counts.get(plain, 0) >= counts[value]


def _plain(value: str) -> str:
    """Return a quantity as `attribute_text` writes it; any other value as it is."""
    found = _DECIMAL.fullmatch(value)
    if found is None:
        return value
    whole, fraction, rest = found.groups()
    return f"{display_value(float(f'{whole}.{fraction}'))}{rest}"
