"""The filters that a result offers, each value with its count and its address."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from query_proxy.search_page.address import PageAddress, price_bounds
from query_proxy.search_page.attributes import PRODUCT_FIELDS
from query_proxy.search_page.chips import field_title, value_text
from query_proxy.search_page.numbers import range_text
from query_proxy.search_page.texts import PageTexts
from search_core import Facet, FacetValue

_SHOWN = 6
"""Values before the rest is folded away."""
_DEEPER = " > "
_RANGE = re.compile(r"under (?P<under>\S+)|(?P<low>\S+) (?:to (?P<high>\S+)|and more)")
_UNSPEAKABLE = "|"
"""A filter's text cannot hold a value with it: it would be read as two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetOption:
    """A value that can be chosen, or is."""

    text: str
    count: int
    url: str
    """Where a click leads: chosen values lead back."""
    chosen: bool = False
    is_below: bool = False
    """A category under the chosen one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetGroup:
    """One heading with its values."""

    field: str
    title: str
    options: tuple[FacetOption, ...]
    single: bool = False
    """One value replaces another; otherwise several can be chosen together."""

    @property
    def first(self) -> tuple[FacetOption, ...]:
        """The values shown at once: the most frequent, and all that are chosen."""
        return tuple(
            each for place, each in enumerate(self.options) if place < _SHOWN or each.chosen
        )

    @property
    def folded(self) -> tuple[FacetOption, ...]:
        """The values folded away."""
        first = self.first
        return tuple(each for each in self.options if each not in first)


def currency_of(facets: Mapping[str, Facet]) -> str | None:
    """Return the currency that all prices of a result have; `None`: several, or none is known."""
    values = facets["currency"].values if "currency" in facets else ()
    return values[0].value if len(values) == 1 else None


def facet_groups(
    address: PageAddress, facets: Mapping[str, Facet], titles: dict[str, str], texts: PageTexts
) -> tuple[FacetGroup, ...]:
    """Return the groups that offer a choice.

    Prices of several currencies cannot be compared: then currencies are offered instead of prices.

    Args:
        address: the page's.
        facets: by field, in the order shown.
        titles: names of attributes by key.
        texts: of the page's language.
    """
    groups = []
    for field, facet in facets.items():
        if field == "category":
            options = _category_options(address, facet, texts)
        elif field == "price":
            options = _price_options(address, facet, currency_of(facets), texts)
        else:
            options = _value_options(address, facet, texts)
        offers = len(options) > 1 or any(each.chosen for each in options)
        narrows = field not in PRODUCT_FIELDS and bool(options)
        if offers or narrows:
            title = field_title(field, titles, texts)
            single = field in ("category", "price")
            groups.append(FacetGroup(field=field, title=title, options=options, single=single))
    return tuple(groups)


def _value_options(address: PageAddress, facet: Facet, texts: PageTexts) -> tuple[FacetOption, ...]:
    chosen = {each.casefold() for each in address.values(facet.field)}
    return tuple(
        FacetOption(
            text=value_text(facet.field, each.value, texts),
            count=each.count,
            url=address.toggled(facet.field, each.value).url,
            chosen=each.value.casefold() in chosen,
        )
        for each in facet.values
        if _UNSPEAKABLE not in each.value
    )


def _category_options(
    address: PageAddress, facet: Facet, texts: PageTexts
) -> tuple[FacetOption, ...]:
    """Return the way down to the chosen category, and the categories below it."""
    speakable = [each for each in facet.values if _UNSPEAKABLE not in each.value]
    chosen = next(iter(address.values("category")), "")
    way = _way_to(chosen)
    unfiltered = address.without_field("category")
    options = []
    if way:
        options.append(FacetOption(text=texts.all_categories, count=0, url=unfiltered.url))
    for step in way:
        count = next((each.count for each in speakable if each.value == step), 0)
        url = unfiltered.filtered(f"category={step}").url
        options.append(
            FacetOption(
                text=value_text("category", step, texts),
                count=count,
                url=url,
                chosen=step == chosen,
            )
        )
    options += [
        FacetOption(
            text=value_text("category", each.value, texts),
            count=each.count,
            url=unfiltered.filtered(f"category={each.value}").url,
            is_below=bool(way),
        )
        for each in _below(speakable, chosen)
    ]
    return tuple(options)


def _way_to(category: str) -> list[str]:
    steps = category.split(_DEEPER) if category else []
    return [_DEEPER.join(steps[: depth + 1]) for depth in range(len(steps))]


def _below(values: Sequence[FacetValue], category: str) -> list[FacetValue]:
    prefix = f"{category}{_DEEPER}" if category else ""
    return [
        each
        for each in values
        if each.value.startswith(prefix) and _DEEPER not in each.value.removeprefix(prefix)
    ]


def _price_options(
    address: PageAddress, facet: Facet, currency: str | None, texts: PageTexts
) -> tuple[FacetOption, ...]:
    bounds = price_bounds(address)
    if currency is None and bounds == (None, None):
        return ()
    options = []
    rest = address.without_field("price")
    for each in facet.values:
        low, high = _range(each.value)
        is_chosen = bounds == (low, high)
        wanted = [f"price>={low:g}"] if low is not None else []
        wanted += [f"price<{high:g}"] if high is not None else []
        options.append(
            FacetOption(
                text=range_text(low, high, currency, texts),
                count=each.count,
                url=(rest if is_chosen else rest.filtered(*wanted)).url,
                chosen=is_chosen,
            )
        )
    return tuple(options)


def _range(label: str) -> tuple[float | None, float | None]:
    found = _RANGE.fullmatch(label)
    if found is None:
        raise ValueError(f"{label!r} is no range of a facet")
    high = found["under"] or found["high"]
    return float(found["low"]) if found["low"] else None, float(high) if high else None
