"""Reads numbers, amounts with a unit, and prices, as shops write them."""

import re
from enum import StrEnum


class DecimalMark(StrEnum):
    """What stands before the fraction of a number."""

    POINT = "."
    COMMA = ","


_DIGITS = r"\d{1,3}(?:[.,'\u2019\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+"
_NUMBER = re.compile(rf"[+\-\u2212]?(?:{_DIGITS})")
_UNITS = (
    "mm|cm|dm|m|km|in|inch|inches|ft|yd|[\"″”]|''|mg|g|kg|t|oz|lb|lbs|ml|cl|dl|l|fl oz|gal"
    "|mm²|cm²|m²|sqm|sq ft|cm³|m³|ccm|w|kw|wh|kwh|wp|v|mv|kv|a|ma|mah|ah|va|kva|hz|khz|mhz|ghz"
    "|bit|kb|mb|gb|tb|kbit/s|mbit/s|gbit/s|mb/s|gb/s|mbps|gbps|mp|megapixels?|px|dpi|ppi|ppm|rpm"
    "|u/min|min|s|sec|ms|h|hrs?|hours?|std|days?|months?|years?|tage|jahre|°c|°f|°|k|lm|lx|cd|cd/m²"
    "|nits?|db|db\\(a\\)|dbi|pa|kpa|mpa|bar|psi|n|nm|btu|btu/h|kcal|kj|%|pcs|pc|pieces?|stk|stück"
    "|den|tex|gsm|g/m²|ct|carats?|mm2|cm2|m2|cm3|m3|ohms?|ω|µm|km/h|mph|ps|hp|kn|l/min|l/h"
    "|毫米|厘米|公分|米|公里|寸|英寸|吋|毫克|克|千克|公斤|斤|吨|毫升|升|瓦|千瓦|伏|安|毫安|赫兹|分钟|小时"
    "|秒|天|年|个月|件|个|片|支|只|包|袋|盒|瓶|度|センチ|ミリ|グラム|キロ|リットル|ワット|個|枚|本|時間"
)
_QUANTITY = re.compile(
    rf"(?P<number>[+\-\u2212]?(?:{_DIGITS}))\s?(?P<unit>{_UNITS})\.?", re.IGNORECASE
)
_UNIT_AT_END_OF_NAME = re.compile(rf"[(\[（](?P<unit>{_UNITS})[)\]）]\s*$", re.IGNORECASE)
_SYMBOLS = {
    "US$": "USD", "CA$": "CAD", "AU$": "AUD", "A$": "AUD", "C$": "CAD", "HK$": "HKD", "NT$": "TWD",
    "R$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH",
    "₫": "VND", "฿": "THB", "zł": "PLN", "Kč": "CZK", "円": "JPY", "元": "CNY", "RMB": "CNY",
    "kr.": "DKK", "CHF": "CHF", "Fr.": "CHF", "$": "USD",
}  # fmt: skip
"""`¥` is missing: it is yen and yuan."""
_ISO_CURRENCY = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")
ISO_CURRENCIES = frozenset(
    [
        "AED", "ARS", "AUD", "BDT", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK",
        "DKK", "EGP", "EUR", "GBP", "GEL", "HKD", "HRK", "HUF", "IDR", "ILS", "INR", "ISK", "JOD",
        "JPY", "KES", "KRW", "KWD", "KZT", "LKR", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "OMR",
        "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TND",
        "TRY", "TWD", "UAH", "USD", "UYU", "VND", "ZAR",
    ]
)  # fmt: skip


def parse_number(text: str, mark: DecimalMark = DecimalMark.POINT) -> float | None:
    """Read a text that is a number and nothing else.

    Args:
        text: e.g. `1,299.00`, `1 299`, `0,5`.
        mark: decides where one separator could be either: `1,299` is 1299 with a point as the
            mark and 1.299 with a comma. What can only be one thing is read as that.

    Returns:
        `None` when it is no number.
    """
    stripped = text.strip()
    return _to_float(stripped, mark) if _NUMBER.fullmatch(stripped) else None


def _to_float(digits: str, mark: DecimalMark) -> float:
    digits = re.sub(r"['\u2019\u00a0\u202f ]", "", digits.replace("\u2212", "-"))
    fraction_at = _fraction_place(digits, mark)
    if fraction_at is None:
        return float(digits.replace(",", "").replace(".", ""))
    whole = digits[:fraction_at].replace(",", "").replace(".", "")
    return float(f"{whole}.{digits[fraction_at + 1 :]}")


def _fraction_place(digits: str, mark: DecimalMark) -> int | None:
    """Find the decimal mark; `None`: all separators part thousands, or there are none."""
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return None
    separator = digits[last]
    if ("," in digits) and ("." in digits):
        return last
    whole = digits[:last].lstrip("+-")
    could_be_thousands = len(digits) - last - 1 == 3 and whole not in ("", "0")
    if digits.count(separator) > 1:
        return None
    return None if could_be_thousands and separator != mark.value else last


def parse_quantity(
    text: str, mark: DecimalMark = DecimalMark.POINT
) -> tuple[float, str | None] | None:
    """Read a text that is a plain number, or a number and one known unit: `15.6 cm`, `2公斤`.

    Numbers with leading zeros or of more than 15 digits are codes: they are not read.

    Returns:
        The number and its unit, as written; `None` when the text is more or other than that.
    """
    if len(text) > 30:
        return None
    match = _QUANTITY.fullmatch(text)
    digits, unit = (match["number"], match["unit"]) if match else (text, None)
    plain = digits.lstrip("+-\u2212")
    if not plain[:1].isdigit() or len(plain) > 15 or (plain[0] == "0" and plain[1:2].isdigit()):
        return None
    number = parse_number(digits, mark)
    return None if number is None else (number, unit)


def unit_in_name(name: str) -> str | None:
    """Return the unit that an attribute's name ends with in brackets: `Weight (kg)`."""
    match = _UNIT_AT_END_OF_NAME.search(name)
    return match["unit"] if match else None


def currency_in(text: str) -> str | None:
    """Return the ISO 4217 code of the currency that a price names; `None` when it names none."""
    for code in _ISO_CURRENCY.findall(text):
        if code in ISO_CURRENCIES:
            return str(code)
    return next((code for symbol, code in _SYMBOLS.items() if symbol in text), None)


def parse_price(text: str, mark: DecimalMark = DecimalMark.POINT) -> float | None:
    """Read a price, with or without its currency: `$1,299.00`, `15,00 €`, `ab 9.99`.

    Of a range the lower end is read. A whole number is often written `15,-` or `15.–`.

    Returns:
        `None` when there is no number in it.
    """
    match = _NUMBER.search(text)
    if match is None:
        return None
    digits = match.group()
    if digits[0] in "-\u2212" and text[: match.start()].strip():
        digits = digits[1:]  # `EUR -5` is odd, `10 -5` a range
    return _to_float(digits, mark)
