"""Personal data in free text, replaced by what kind it was."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from privacy.check_digits import is_card_number, is_chinese_identity_number, is_iban
from privacy.phone_numbers import phone_spans
from privacy.postal_addresses import address_spans

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_CARD = re.compile(r"(?<![\w+.-])\d(?:[ -]?\d){14,18}(?![\w-])")
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?\b", re.IGNORECASE)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class PersonalData(StrEnum):
    """Kinds of personal data. What comes first wins where two overlap."""

    EMAIL = "email"
    IDENTITY_NUMBER = "id"
    IBAN = "iban"
    CARD = "card"
    PHONE = "phone"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundData:
    """Where personal data stands in a text."""

    kind: PersonalData
    start: int
    end: int


class PersonalDataMask:
    """Finds and masks personal data; product codes, EANs and model numbers stay."""

    def __init__(self, phone_regions: Sequence[str]) -> None:
        """Take the regions whose national phone numbers are recognised (ISO 3166)."""
        self._phone_regions = tuple(phone_regions)

    def masked(self, text: str) -> str:
        """Return the text with `[email]`, `[phone]` and so on in the place of personal data."""
        parts: list[str] = []
        reached = 0
        for found in self.found(text):
            parts += [text[reached : found.start], f"[{found.kind}]"]
            reached = found.end
        return "".join([*parts, text[reached:]]) if parts else text

    def found(self, text: str) -> tuple[FoundData, ...]:
        """Return the personal data of a text, from left to right, without overlaps."""
        half_width = text.translate(_FULL_WIDTH)
        kept: list[FoundData] = []
        for each in self._candidates(half_width):
            if all(each.end <= other.start or other.end <= each.start for other in kept):
                kept.append(each)
        return tuple(sorted(kept, key=lambda each: each.start))

    def _candidates(self, text: str) -> Iterator[FoundData]:
        for kind, spans in (
            (PersonalData.EMAIL, _spans(_EMAIL, text)),
            (PersonalData.IDENTITY_NUMBER, _identity_spans(text)),
            (PersonalData.IBAN, _iban_spans(text)),
            (PersonalData.CARD, _card_spans(text)),
            (PersonalData.PHONE, phone_spans(text, self._phone_regions)),
            (PersonalData.ADDRESS, address_spans(text)),
        ):
            for start, end in spans:
                yield FoundData(kind=kind, start=start, end=end)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        yield match.span()


def _identity_spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _IDENTITY.finditer(text):
        if is_chinese_identity_number(match[0].upper()):
            yield match.span()


def _card_spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _CARD.finditer(text):
        if is_card_number(re.sub(r"\D", "", match[0])):
            yield match.span()


def _iban_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield account numbers; words that follow one without a sign between are not part of it."""
    for match in _IBAN.finditer(text):
        for end in range(match.end(), match.start() + 14, -1):
            written = text[match.start() : end]
            if not written.endswith(" ") and is_iban(written.replace(" ", "").upper()):
                yield match.start(), end
                break
