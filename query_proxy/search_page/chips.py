"""The chosen filters, each with the address that is without it."""

from dataclasses import dataclass

from query_proxy.search_page.address import PageAddress, price_bounds
from query_proxy.search_page.attributes import title_of
from query_proxy.search_page.numbers import number_text, range_text
from query_proxy.search_page.texts import PageTexts
from search_core import Filter, RangeFilter, TermFilter, TextFilter

_DEEPER = " > "


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One chosen filter."""

    text: str
    url: str
    """Of the result without it."""


def chips(
    address: PageAddress, titles: dict[str, str], currency: str | None, texts: PageTexts
) -> tuple[Chip, ...]:
    """Return the filters of an address, a value each; the bounds of the price are one.

    Args:
        address: the page's.
        titles: names of attributes by key.
        currency: of the prices, where they have one.
        texts: of the page's language.
    """
    made: list[Chip] = []
    lowest, highest = price_bounds(address)
    if lowest is not None or highest is not None:
        price = range_text(lowest, highest, currency, texts)
        made.append(Chip(text=f"{texts.facets['price']}: {price}", url=_without_price(address)))
    for text, each in address.filters:
        if isinstance(each, TermFilter) and not each.negated:
            title = field_title(each.field, titles, texts)
            made += [
                Chip(
                    text=f"{title}: {value_text(each.field, value, texts)}",
                    url=address.toggled(each.field, value).url,
                )
                for value in each.values
            ]
        elif not (isinstance(each, RangeFilter) and each.field == "price"):
            rest = tuple(other for other in address.query.filter if other != text)
            url = address.without_filters().filtered(*rest).url
            made.append(Chip(text=filter_text(each, titles, currency, texts), url=url))
    return tuple(made)


def filter_text(
    each: Filter, titles: dict[str, str], currency: str | None, texts: PageTexts
) -> str:
    """Return a filter in the words of the page's language."""
    if isinstance(each, TextFilter):
        words = texts.mentions.format(value=" / ".join(each.phrases))
        return texts.negated.format(value=words) if each.negated else words
    title = field_title(each.field, titles, texts)
    if isinstance(each, TermFilter):
        value = " / ".join(value_text(each.field, value, texts) for value in each.values)
        return f"{title}: {texts.negated.format(value=value) if each.negated else value}"
    if each.field == "price":
        # A shopper's "under $50" and "from $50" leave the bound itself open.
        low = each.at_least if each.at_least is not None else each.greater_than
        high = each.at_most if each.at_most is not None else each.less_than
        return f"{title}: {range_text(low, high, currency, texts)}"
    return f"{title} {' '.join(_bounds(each, texts))}"


def _bounds(each: RangeFilter, texts: PageTexts) -> list[str]:
    signed = (
        ("≥", each.at_least),
        (">", each.greater_than),
        ("≤", each.at_most),
        ("<", each.less_than),
    )
    return [f"{sign} {number_text(bound, texts)}" for sign, bound in signed if bound is not None]


def field_title(field: str, titles: dict[str, str], texts: PageTexts) -> str:
    """Return the heading of a product field or an attribute."""
    return texts.facets.get(field) or titles.get(field) or title_of(field)


def value_text(field: str, value: str, texts: PageTexts) -> str:
    """Return a value as a shopper reads it: the last step of a category, yes for true."""
    if field == "category":
        return value.rpartition(_DEEPER)[2]
    if field == "available":
        return texts.in_stock if value == "true" else texts.out_of_stock
    return {"true": texts.yes, "false": texts.no}.get(value, value)


def _without_price(address: PageAddress) -> str:
    return address.without(
        lambda each: not (isinstance(each, RangeFilter) and each.field == "price")
    ).url
