"""Numbers with their unit, so that `1 TB`, `1tb` and `1000GB` are one quantity."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from query_understanding.number_words import NUMBER, parse_number

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
                key=_key(number, match[2].lower()),
            )


def _key(number: float, unit: str) -> str:
    dimension, factor = _BY_UNIT[unit]
    if dimension == "data" and number >= 1024 and number % 1024 == 0:
        number = number / 1024 * 1000  # 1024 GB is what others call 1 TB
    return f"{dimension}:{float(f'{number * factor:.{_DIGITS_KEPT}g}'):g}"
