"""Numbers and prices as the shoppers of a language read them."""

from babel.numbers import format_currency, format_decimal

from query_proxy.search_page.texts import PageTexts

_ROUND_PRICE = "¤#,##0.##"


def price_text(price: float, currency: str | None, texts: PageTexts) -> str:
    """Return a price with its currency."""
    if currency is None:
        return format_decimal(price, "#,##0.00", locale=_locale(texts))
    return format_currency(price, currency, locale=_locale(texts))


def bound_text(price: float, currency: str | None, texts: PageTexts) -> str:
    """Return the bound of a price range, without cents where it has none."""
    if currency is None:
        return number_text(price, texts)
    return format_currency(
        price, currency, _ROUND_PRICE, locale=_locale(texts), currency_digits=False
    )


def number_text(number: float, texts: PageTexts) -> str:
    """Return a number with the language's separators."""
    return format_decimal(number, locale=_locale(texts))


def range_text(
    lowest: float | None, highest: float | None, currency: str | None, texts: PageTexts
) -> str:
    """Return a range of prices; bounds that are `None` are open."""
    low = "" if lowest is None else bound_text(lowest, currency, texts)
    high = "" if highest is None else bound_text(highest, currency, texts)
    if not low:
        return texts.under.format(high=high)
    return texts.between.format(low=low, high=high) if high else texts.over.format(low=low)


def _locale(texts: PageTexts) -> str:
    return texts.tag.replace("-", "_")
