"""Numbers as shoppers write them: `1,500`, `2,5`, `1.5k`, 两万, 一千二."""

import re

_CHINESE_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6,
    "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_CHINESE_POWERS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_SUFFIXES = {"k": 1_000, "千": 1_000, "百": 100, "w": 10_000, **_MYRIADS}

# Four groups at most: a pasted column of numbers would be read to its end from each of them.
_GROUPED = r"\d{1,3}(?:[,\s]\d{3}){1,4}(?:\.\d+)?"
_DIGITS = rf"{_GROUPED}(?!\d)|\d+(?:[.,]\d+)?"
_CHINESE = rf"[{''.join([*_CHINESE_DIGITS, *_CHINESE_POWERS, *_MYRIADS])}]+"

NUMBER = rf"(?:(?:{_DIGITS})(?:\s?(?:k(?![a-z])|w(?![a-z])|[千百万萬亿億]))?|{_CHINESE})"
"""Pattern of one number, without groups. Latin letters in lower case."""

_PARTS = re.compile(rf"({_DIGITS})\s?([kw千百万萬亿億]?)")
_THOUSANDS = re.compile(_GROUPED)


def parse_number(text: str) -> float | None:
    """Return the number that a text matched by `NUMBER` stands for, or `None` for none.

    A comma before exactly three digits separates thousands, any other is a decimal comma.
    """
    text = text.strip().lower()
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return _parse_chinese(text)
    digits, suffix = parts[1], parts[2]
    if _THOUSANDS.fullmatch(digits):
        digits = re.sub(r"[,\s]", "", digits)
    return float(digits.replace(",", ".")) * _SUFFIXES.get(suffix, 1)


def _parse_chinese(text: str) -> float | None:
    total = section = digit = 0
    last_power = 1
    for character in text:
        if character in _CHINESE_DIGITS:
            digit = digit * 10 + _CHINESE_DIGITS[character] if digit else _CHINESE_DIGITS[character]
            # After 零 the usual power does not follow: 一千零五 is 1005, not 1500.
            last_power = 1 if character in "零〇" else last_power
        elif character in _CHINESE_POWERS:
            power = _CHINESE_POWERS[character]
            section += (digit or 1) * power
            digit, last_power = 0, power
        elif character in _MYRIADS:
            power = _MYRIADS[character]
            total += (section + digit or 1) * power
            section, digit, last_power = 0, 0, power
        else:
            return None
    if not text:
        return None
    # 一千二 is 1200: a last digit counts in tenths of the power before it.
    tail = digit * (last_power // 10) if last_power >= 100 else digit
    return float(total + section + tail)
