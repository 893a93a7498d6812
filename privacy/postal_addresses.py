"""Street addresses in free text, English and Chinese."""

import re
from collections.abc import Iterator

# Only types of streets that are not also words of product titles: no drive, lane, court, square.
_ENGLISH = re.compile(
    r"\b\d{1,5}[a-z]?\s+(?:(?:[nsew]|north|south|east|west)\.?\s+)?"
    r"(?:(?!off\b|all\b|on\b|in\b|for\b|port\b|pack\b|inch\b|mm\b|cm\b|speed\b)[a-z]+\.?\s+){1,3}?"
    r"(?:street|avenue|boulevard|road)\b"
    r"(?:\s*,?\s*(?:apt|apartment|unit|suite|flat|#)\.?\s*\w{1,5}\b)?"
    r"(?:\s*,?\s*[a-z .]{2,30}?,?\s+(?:[a-z]{2}\s+)?\d{5}(?:-\d{4})?\b)?"
    # Nothing of a thing may follow: `10 speed road bike`, `20 w led street light`.
    r"(?=\s*(?:$|[,;.!?\n]|in\b|near\b))",
    re.IGNORECASE,
)
_STREET_ABBREVIATED = re.compile(
    r"\b\d{1,5}[a-z]?\s+(?:[a-z]+\.?\s+){1,3}?(?:st|ave|blvd|rd)\b\.?\s*,\s*[a-z]",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    r"\b[a-zäöüß-]{3,}(?:straße|strasse|str\.)\s*\d{1,4}\s?[a-z]?\b", re.IGNORECASE
)
_CHINESE = re.compile(
    # Characters before the street are its city and district: bounded, so that no text takes long.
    r"[\u4e00-\u9fff]{2,24}(?:路|街|大道|巷|弄|胡同)\s*\d{1,5}\s*(?:号|弄)"
    r"(?:\s*[\u4e00-\u9fff]{0,8}?\d{1,4}\s*(?:号楼|栋|幢|单元|室|楼|层)){0,5}"
)
_CHINESE_ROOM = re.compile(r"\d{1,4}\s*(?:号楼|栋|幢)\s*(?:\d{1,3}\s*单元)?\s*\d{1,5}\s*(?:室|号)")
_PATTERNS = (_ENGLISH, _STREET_ABBREVIATED, _GERMAN, _CHINESE, _CHINESE_ROOM)


def address_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each street address with its number.

    What a pattern can tell: names of people and places alone stay, and so do addresses written in
    other ways.
    """
    if not any(each.isdecimal() for each in text):
        return
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.span()
