"""Check digits: what tells a card or account number from any other run of digits."""

from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"

# Countries of the IBAN registry with the length of their numbers. Source: SWIFT, IBAN registry.
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
    "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
    "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip


def is_card_number(digits: str) -> bool:
    """Say whether digits are the number of a payment card of a network in use.

    Networks by their first digits and lengths, since one in ten numbers passes the check digit
    alone. Visa's old 13 digits are left out: they are EANs.

    Source: ISO/IEC 7812-1, annex B (Luhn).
    """
    length = len(digits)
    in_use = (
        (length == 16 and digits[0] in "45")
        or (length == 16 and digits[0] == "2" and "2221" <= digits[:4] <= "2720")
        or (length == 16 and digits[:4] == "6011")
        or (length == 16 and digits[:2] in ("35", "65"))
        or (length == 15 and digits[:2] in ("34", "37"))
        or (16 <= length <= 19 and digits[:2] == "62")
    )
    return in_use and _luhn(digits)


def is_iban(text: str) -> bool:
    """Say whether letters and digits, without spaces, are an account number.

    Source: ISO 13616 (the remainder by 97 is 1).
    """
    if len(text) != _IBAN_LENGTHS.get(text[:2]):
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def is_chinese_identity_number(text: str) -> bool:
    """Say whether 18 characters are the number of a Chinese identity card.

    Source: GB 11643-1999.
    """
    if len(text) != 18 or not text[:17].isdecimal():
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    if not 1880 < born.year < 2100:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text, strict=False))
    return text[17] == _ID_CHECKS[total % 11]


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
