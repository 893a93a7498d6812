"""Learns which attributes are measured in which unit, and which are counted.

The unit is the value's own, or stands at the end of the name. What has none is a count, if its
values are whole numbers and its name says of what.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from query_understanding.lexicon.lexicon import MeasuredAttribute
from search_core import attribute_key, unit_measure

_FEWEST_PRODUCTS = 2
_MOST_ATTRIBUTES = 2_000
"""With a unit, and as many without: catalogues have far more of these."""
NUMBER = "number"
"""The dimension of what is counted."""
_SAYS_A_NUMBER = frozenset(
    {"amount", "count", "max", "maximum", "number", "of", "qty", "quantity", "total"}
)
"""Words of a name that say that things are counted, and not which."""
_SAYS_A_NUMBER_AT_THE_END = re.compile(r"(?:数量|个数|总数|数)$")
_NAME_PARTS = re.compile(r"[\s_\-()\[\]/.]+")

_Key = tuple[str, str, float]
"""Key of the attribute, dimension, factor."""


class MeasuredAttributes:
    """Counts numeric attributes by their unit, with the least and greatest value."""

    def __init__(self) -> None:
        self._counts: Counter[_Key] = Counter()
        self._bounds: dict[_Key, tuple[float, float]] = {}
        self._kept: Counter[bool] = Counter()
        """Whether they are counts → how many attributes."""

    def observe(self, attributes: list[Mapping[str, Any]]) -> None:
        """Count one product's attributes."""
        for attribute in attributes:
            value = attribute["value"]
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            unit = attribute.get("unit")
            measure = unit_measure(unit or _unit_of_name(attribute["name"]))
            if measure is None and not unit and float(value).is_integer():
                measure = (NUMBER, 1.0)
            if measure is None:
                continue
            key = (attribute_key(attribute["name"]), *measure)
            if key not in self._bounds:
                is_count = measure[0] == NUMBER
                if self._kept[is_count] >= _MOST_ATTRIBUTES:
                    continue
                self._kept[is_count] += 1
            low, high = self._bounds.get(key, (value, value))
            self._bounds[key] = (min(low, value), max(high, value))
            self._counts[key] += 1

    def found(self) -> tuple[MeasuredAttribute, ...]:
        """Return the attributes, the most frequent first; one in two units is there twice."""
        return tuple(
            MeasuredAttribute(
                name=key[0],
                dimension=key[1],
                factor=key[2],
                count=count,
                low=self._bounds[key][0],
                high=self._bounds[key][1],
            )
            for key, count in self._counts.most_common()
            if count >= _FEWEST_PRODUCTS
        )


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of an attribute's name, without a unit at its end.

    `weight_g` and `weight (kg)` are both the weight.
    """
    parts = [each for each in _NAME_PARTS.split(name.casefold()) if each]
    if len(parts) > 1 and unit_measure(parts[-1]) is not None:
        parts = parts[:-1]
    return tuple(parts)


def counted_words(name: str) -> tuple[str, ...]:
    """Return the words that say what an attribute counts: `usb`, `ports` of `usb_ports_quantity`.

    Empty where the name says only that something is counted.
    """
    words = (_SAYS_A_NUMBER_AT_THE_END.sub("", each) for each in name_words(name))
    return tuple(each for each in words if each and each not in _SAYS_A_NUMBER)


def _unit_of_name(name: str) -> str:
    parts = [each for each in _NAME_PARTS.split(name) if each]
    return parts[-1] if len(parts) > 1 else ""
