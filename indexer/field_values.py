"""Reads the values of product fields: availability, dates, ids, numbers."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from indexer.attribute_reader import parse_boolean
from indexer.number_parsing import DecimalMark, parse_number
from indexer.text_cleaning import clean_text

_AVAILABLE = frozenset(
    [
        "in_stock", "instock", "available", "availability", "preorder", "pre_order", "backorder",
        "onbackorder", "on_backorder", "auf_lager", "lieferbar", "verfügbar", "sofort_lieferbar",
        "en_stock", "disponible", "disponibile", "in_magazzino", "limited_availability", "active",
        "有货", "现货", "有貨", "在庫あり", "在庫有り",
    ]
)  # fmt: skip
_NOT_AVAILABLE = frozenset(
    [
        "out_of_stock", "outofstock", "sold_out", "soldout", "unavailable", "discontinued",
        "nicht_lieferbar", "ausverkauft", "nicht_verfügbar", "épuisé", "rupture_de_stock",
        "en_rupture", "agotado", "sin_stock", "no_disponible", "esaurito", "无货", "缺货", "售罄",
        "缺貨", "在庫なし", "在庫切れ", "売り切れ",
    ]
)  # fmt: skip
NOT_SAID = frozenset(
    [
        "", "n/a", "na", "none", "null", "nil", "nan", "-", "--", "—", "?", "tbd", "tba", "unknown",
        "k.a.", "unbekannt", "无", "なし", "未知", "不明",
    ]
)  # fmt: skip
"""Texts that stand for an empty cell."""
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")
_SECONDS_OF_1990, _SECONDS_OF_2100 = 631_152_000, 4_102_444_800


def scalars(value: Any) -> Iterator[str | int | float | bool]:  # noqa: ANN401 - any JSON value
    """Yield the scalars in a value, those in lists too; objects are passed over."""
    if isinstance(value, list):
        for item in value:
            yield from scalars(item)
    elif isinstance(value, (str, int, float)):
        yield value


def as_text(value: str | float) -> str:
    """Return a scalar as clean text; a whole number without `.0`."""
    if isinstance(value, str):
        return value if value.isalnum() and value.isascii() else clean_text(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def parse_availability(value: str | float) -> bool | None:
    """Read yes or no, a stock count, or words for it; `None` when it is none of them."""
    if isinstance(value, (bool, int, float)):
        return value > 0
    word = re.sub(r"[\s\-]+", "_", value.strip().casefold().rsplit("/", 1)[-1])
    if word in _AVAILABLE:
        return True
    if word in _NOT_AVAILABLE:
        return False
    truth = parse_boolean(value)
    if truth is not None:
        return truth
    count = parse_number(value)
    return None if count is None else count > 0


def parse_date(value: str | float) -> date | None:
    """Read a day.

    Read are ISO 8601, `31.12.2024`, `31/12/2024` or `12/31/2024` where only one can be meant,
    `2024年12月31日`, and seconds or milliseconds since 1970.

    Returns:
        `None` when it is no day, or `03/04/2024`, which is two.
    """
    if isinstance(value, (int, float)):
        seconds = value / 1_000 if value > _SECONDS_OF_2100 else value
        if isinstance(value, bool) or not _SECONDS_OF_1990 < seconds < _SECONDS_OF_2100:
            return None
        return datetime.fromtimestamp(seconds, UTC).date()
    text = value.strip()
    if match := _YEAR_FIRST.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.match(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _SLASHES.match(text):
        first, second, year = (int(part) for part in match.groups())
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (second, first) if second > 12 else (first, second)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_count(value: str | float, mark: DecimalMark) -> float | None:
    """Read a number that may be followed by words: `4.5`, `4.5 out of 5`, `1,234 reviews`."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 1e300 else None
    words = value.split()
    return parse_number(words[0], mark) if words else None
