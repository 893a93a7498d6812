"""What a sample says about prices: their unit, currency and decimal mark."""

import re
from collections import Counter
from collections.abc import Iterable

from indexer.catalog_schema import PriceUnit
from indexer.field_evidence import FieldEvidence
from indexer.field_names import name_key
from indexer.number_parsing import DecimalMark, currency_in

_CENTS_IN_NAME = re.compile(
    r"(?:^|_)(?:cents?|minor|minor_units|pence|centimes|céntimos|分)(?:_|$)"
)
_COMMA = re.compile(r"\d,\d{1,2}(?!\d)|\d\.\d{3},\d")
_POINT = re.compile(r"\d\.\d{1,2}(?!\d)|\d,\d{3}\.\d")
# Their prices are whole numbers, and end in 80, 99 or 00 all the same.
_WHOLE_CURRENCIES = frozenset(("JPY", "KRW", "VND", "IDR", "CLP", "HUF", "ISK"))
_WHOLE_LANGUAGES = frozenset(("zh", "ja", "ko", "vi", "id", "hu"))
_LEAST_PRICES = 20
_LEAST_MEDIAN_CENTS = 1_000


def decimal_mark(fields: Iterable[FieldEvidence]) -> DecimalMark:
    """Return the mark that more of the texts with numbers in them use; a point when none does."""
    commas = points = 0
    for evidence in fields:
        # Prose and addresses have points and commas of their own.
        short = [text for text in evidence.texts if len(text) < 20 and "://" not in text]
        commas += sum(bool(_COMMA.search(text)) for text in short)
        points += sum(bool(_POINT.search(text)) for text in short)
    return DecimalMark.COMMA if commas > points else DecimalMark.POINT


def constant_currency(price: FieldEvidence) -> str | None:
    """Return the currency that the prices name, if it is always the same one."""
    named = Counter(filter(None, (currency_in(text) for text in price.texts)))
    in_name = currency_in(name_key(price.name).upper().replace("_", " "))
    if not named:
        return in_name
    currency, count = named.most_common(1)[0]
    return currency if count >= 0.95 * sum(named.values()) else None


def price_unit(
    price: FieldEvidence, currency: str | None, language: str | None
) -> tuple[PriceUnit, str | None]:
    """Tell prices in cents from prices in the main unit.

    Cents show in the field's name; or by all prices being whole, large, and ending in a few ways
    (`95`, `99`, `49`) as prices do behind the decimal mark. In currencies and languages of shops
    that have no cents the endings say nothing.

    Returns:
        The unit, and the sentence that explains an assumption; `None` when there was nothing to
        assume.
    """
    if _CENTS_IN_NAME.search(name_key(price.name)):
        return PriceUnit.CENTS, None
    numbers = price.numbers
    whole = [int(number) for number in numbers if number.is_integer() and number > 0]
    no_cents = currency in _WHOLE_CURRENCIES or language in _WHOLE_LANGUAGES
    if no_cents or len(whole) < _LEAST_PRICES or len(whole) < len([n for n in numbers if n]):
        return PriceUnit.MAIN, None
    median = sorted(whole)[len(whole) // 2]
    endings = Counter(number % 100 for number in whole)
    few = sum(count for _, count in endings.most_common(4)) / len(whole)
    round_share = endings[0] / len(whole)
    small = sum(number < 50 for number in whole) / len(whole)
    if median >= _LEAST_MEDIAN_CENTS and few >= 0.6 and round_share < 0.7 and small < 0.02:
        common = " and ".join(f"{ending:02d}" for ending, _ in endings.most_common(2))
        assumption = (
            f"{price.name} is taken to be in cents: all prices are whole and {100 * few:.0f} % end "
            f"in one of four ways ({common} most often), as cents do; the median of {median} is "
            f'read as {median / 100:.2f}. If that is wrong, set unit = "main" under [price]'
        )
        return PriceUnit.CENTS, assumption
    return PriceUnit.MAIN, None
