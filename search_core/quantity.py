"""Numbers with their unit, so that `1 TB`, `1tb` and `1000GB` are one quantity.

Queries and catalogues are read by the same grammar, which is why it stands on this floor.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from search_core.number_words import NUMBER, parse_number

# Dimension → spelling of the unit → how much of the dimension's smallest unit it is.
_UNITS: dict[str, dict[str, float]] = {
    "data": {
        "mb": 1, "gb": 1e3, "tb": 1e6, "megabyte": 1, "megabytes": 1, "gigabyte": 1e3,
        "gigabytes": 1e3, "terabyte": 1e6, "terabytes": 1e6,
    },
    "length": {
        "mm": 1, "毫米": 1, "cm": 10, "centimetre": 10, "centimetres": 10, "centimeter": 10,
        "centimeters": 10, "厘米": 10, "公分": 10, "m": 1e3, "metre": 1e3, "metres": 1e3,
        "meter": 1e3, "meters": 1e3, "米": 1e3, "inch": 25.4, "inches": 25.4, '"': 25.4, "”": 25.4,
        "″": 25.4, "寸": 25.4, "英寸": 25.4, "吋": 25.4, "ft": 304.8, "feet": 304.8, "foot": 304.8,
    },
    "mass": {
        "g": 1, "gram": 1, "grams": 1, "克": 1, "kg": 1e3, "kilo": 1e3, "kilos": 1e3, "公斤": 1e3,
        "千克": 1e3, "斤": 500, "oz": 28.35, "ounce": 28.35, "ounces": 28.35, "lb": 453.6,
        "lbs": 453.6, "pound": 453.6, "pounds": 453.6,
    },
    "volume": {
        "ml": 1, "毫升": 1, "cl": 10, "l": 1e3, "litre": 1e3, "litres": 1e3, "liter": 1e3,
        "liters": 1e3, "升": 1e3,
    },
    "power": {"w": 1, "watt": 1, "watts": 1, "瓦": 1, "kw": 1e3, "千瓦": 1e3},
    "charge": {"mah": 1, "毫安": 1, "毫安时": 1, "ah": 1e3, "安时": 1e3},
    "voltage": {"v": 1, "volt": 1, "volts": 1, "伏": 1},
    "frequency": {"hz": 1, "khz": 1e3, "mhz": 1e6, "ghz": 1e9, "赫兹": 1},
    "time": {"min": 1, "minute": 1, "minutes": 1, "分钟": 1, "h": 60, "hour": 60, "hours": 60,
             "小时": 60},
}  # fmt: skip

_BY_UNIT = {
    unit: (dimension, factor)
    for dimension, table in _UNITS.items()
    for unit, factor in table.items()
}
_SPELT = "|".join(re.escape(unit) for unit in sorted(_BY_UNIT, key=len, reverse=True))
_QUANTITY = re.compile(rf"(?<![\w.,])({NUMBER})(?:\s|-)?({_SPELT})(?![a-z0-9])", re.IGNORECASE)
_QUANTITY_IN_CHINESE = re.compile(
    rf"(?<![a-z0-9.,])({NUMBER})\s?({_SPELT})(?![a-z0-9])", re.IGNORECASE
)
# Dimension → unit → how much of the smallest unit it is, and the numbers that are said in it.
_SAID: dict[str, dict[str, tuple[float, float, float]]] = {
    "data": {"GB": (1e3, 1, 999), "TB": (1e6, 0.5, 999)},
    "length": {
        "mm": (1, 1, 2_000), "cm": (10, 1, 500), "m": (1e3, 1, 1_000), "inch": (25.4, 1, 120),
        "ft": (304.8, 1, 1_000),
    },
    "mass": {
        "g": (1, 1, 5_000), "kg": (1e3, 0.5, 10_000), "oz": (28.35, 1, 64), "lb": (453.6, 1, 1_000),
    },
    "volume": {"ml": (1, 1, 5_000), "l": (1e3, 0.5, 10_000)},
    "power": {"W": (1, 1, 9_999), "kW": (1e3, 1, 1_000)},
    "charge": {"mAh": (1, 100, 99_999), "Ah": (1e3, 1, 1_000)},
    "time": {"min": (1, 1, 600), "h": (60, 1, 1_000)},
}  # fmt: skip
_ROUNDING = 0.01
_DIGITS_KEPT = 3
"""Catalogues round: a 15.6 inch screen is one of 39.6 cm (39.62), and one of 396 mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with a unit in a text."""

    start: int
    end: int
    written: str
    """As it stands there, white space folded and lower case."""
    key: str
    """The same for equal quantities: dimension and rounded amount."""
    dimension: str
    """`data`, `length`, `mass` …"""
    amount: float
    """In the dimension's smallest unit (mm, g, ml, MB …)."""
    wording: str
    """Number and unit in one spelling, so that `15.6"` and `15.6 inches` read alike."""


def unit_measure(unit: str) -> tuple[str, float] | None:
    """Return a unit's dimension and how much of its smallest unit it is; `None`: not known."""
    return _BY_UNIT.get(unit.strip().lower())


def quantities(text: str) -> Iterator[Quantity]:
    """Yield the quantities of a text, in order."""
    pattern = _QUANTITY if text.isascii() else _QUANTITY_IN_CHINESE
    for match in pattern.finditer(text):
        number = parse_number(match[1])
        if number:
            yield Quantity(
                start=match.start(),
                end=match.end(),
                written=" ".join(match[0].lower().split()),
                **_measured(number, match[2].lower()),
            )


def other_wordings(quantity: Quantity) -> tuple[str, ...]:
    """Return the other units in which shops and shoppers say a quantity.

    Each is rounded to three digits, and left out when that would take it further than one in a
    hundred from the quantity, or when a number so large or small is said in another unit.
    """
    said: list[str] = []
    for unit, (factor, least, most) in _SAID.get(quantity.dimension, {}).items():
        number = float(f"{quantity.amount / factor:.{_DIGITS_KEPT}g}")
        wording = f"{number:g} {unit}"
        if wording == quantity.wording or not least <= number <= most:
            continue
        if abs(number * factor - quantity.amount) <= _ROUNDING * quantity.amount:
            said.append(wording)
    return tuple(said)


def _measured(number: float, unit: str) -> dict[str, Any]:
    dimension, factor = _BY_UNIT[unit]
    counted = number
    if dimension == "data" and number >= 1024 and number % 1024 == 0:
        counted = number / 1024 * 1000  # 1024 GB is what others call 1 TB
    amount = counted * factor
    return {
        "key": f"{dimension}:{float(f'{amount:.{_DIGITS_KEPT}g}'):g}",
        "dimension": dimension,
        "amount": amount,
        "wording": f"{number:g} {_spelt_alike(dimension, factor) or unit}",
    }


def _spelt_alike(dimension: str, factor: float) -> str | None:
    """Return the spelling that `_SAID` has of a unit, if it has the unit."""
    said = _SAID.get(dimension, {})
    return next((name for name, (each, _, _) in said.items() if each == factor), None)
