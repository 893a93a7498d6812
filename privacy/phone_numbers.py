"""Phone numbers in free text."""

import re
from collections.abc import Iterator, Sequence

from phonenumbers import Leniency, PhoneNumberMatcher

_FEWEST_DIGITS = 7
_MOST_TRIES = 10
"""Runs of digits of a text that are looked at: nobody has more phones, and each costs time."""
_ENOUGH_DIGITS = re.compile(rf"(?:\d\D{{0,3}}){{{_FEWEST_DIGITS},}}")
_CHINESE = re.compile(
    r"(?<![0-9A-Za-z+./-])(?:(?:\+|00)?86[- ]?)?"
    r"(?:1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4})|0\d{2,3}-[2-8]\d{6,7})(?![0-9A-Za-z-])"
)
_IN_GROUPS = re.compile(r"\d\)?[ ./-]\(?\d")
_INTERNATIONAL = re.compile(r"^\(?\+")
_SAID_BEFORE = re.compile(
    r"(?:\b(?:phone|tel|telephone|telefon|call|mobile|cell|whatsapp|handy|fax|sms)\b|电话|手机|联系|微信|致电)"
    r"(?:\s*(?:number|nummer|no\.?|号码|号))?\s*[:：.]?\s*$",
    re.IGNORECASE,
)


def phone_spans(text: str, regions: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each phone number.

    A number with its country code counts wherever it is valid. A national one counts where it is
    valid in one of the regions and grouped as that region writes it, or follows a word such as
    `phone`: most valid runs of digits in a shop are product codes. Chinese mobile numbers count as
    plain digits too, as that is how they are written, and so do landlines with their area code.

    Args:
        text: with half-width digits.
        regions: ISO 3166 codes.
    """
    if _ENOUGH_DIGITS.search(text) is None:
        return
    for match in _CHINESE.finditer(text):
        yield match.span()
    for region in regions or (None,):
        matcher = PhoneNumberMatcher(
            text, region, leniency=Leniency.EXACT_GROUPING, max_tries=_MOST_TRIES
        )
        for found in matcher:
            if _is_written_as_phone(text, found.start, found.raw_string):
                yield found.start, found.end


def _is_written_as_phone(text: str, start: int, written: str) -> bool:
    before = text[start - 1 : start]
    if before.isascii() and (before.isalnum() or before in ("/", ".", "-", "_", "#")):
        return False  # the tail of a code
    return (
        _INTERNATIONAL.match(written) is not None
        or _IN_GROUPS.search(written) is not None
        or _SAID_BEFORE.search(text[:start]) is not None
    )
