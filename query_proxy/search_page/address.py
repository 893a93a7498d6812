"""What an address of the search page asks for, and the addresses one click away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from query_proxy.json_api.shop_models import ShopQuery
from retrieval import parse_filter
from search_core import Filter, MalformedRequestError, RangeFilter, TermFilter, TextFilter

HITS_ON_A_PAGE = 24
"""Whole rows of two, three and four products."""
_FIELDS = ("q", "index", "sort", "page")
_READ = 1_000
"""Characters of a query that are read: every link of the page repeats them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAddress:
    """A search as the page's address holds it; addresses are relative to the page's folder."""

    query: ShopQuery
    language: str | None = None
    """What the shopper switched to; `None`: as the browser says."""
    verbatim: bool = False
    """Take the words as they are typed."""

    @classmethod
    def read(cls, parameters: Iterable[tuple[str, str]]) -> "PageAddress":
        """Read the parameters of a request. Unknown ones, which campaigns add, are ignored.

        Raises:
            MalformedRequestError: a value that cannot be.
            FilterError: a filter that cannot be read.
        """
        given = list(parameters)
        single = dict(given)
        fields: dict[str, Any] = {name: single[name] for name in _FIELDS if single.get(name)}
        fields["filter"] = tuple(value for name, value in given if name == "filter" and value)
        try:
            query = ShopQuery.model_validate({**fields, "size": HITS_ON_A_PAGE})
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
            )
            raise MalformedRequestError(problems) from error
        if len(query.q) > _READ:
            query = query.model_copy(update={"q": query.q[:_READ]})
        address = cls(
            query=query, language=single.get("lang") or None, verbatim=single.get("exact") == "1"
        )
        return address.priced(single.get("min", ""), single.get("max", ""))

    @property
    def filters(self) -> tuple[tuple[str, Filter], ...]:
        """The filters, each as it is written and as it is read."""
        return tuple((text, parse_filter(text)) for text in self.query.filter)

    @property
    def filtered_fields(self) -> frozenset[str]:
        """The fields and attributes that filters speak of."""
        return frozenset(each.field for _, each in self.filters if not isinstance(each, TextFilter))

    @property
    def url(self) -> str:
        """The address, from the page's own folder."""
        query = self.query
        pairs = [("q", query.q)] if query.q else []
        pairs += [("filter", each) for each in query.filter]
        if query.sort != "relevance":
            pairs.append(("sort", query.sort))
        if query.page > 1:
            pairs.append(("page", str(query.page)))
        pairs += self.kept
        return f"?{urlencode(pairs)}" if pairs else "./"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What stays with a new search."""
        pairs = [("index", self.query.index)] if self.query.index else []
        if self.language:
            pairs.append(("lang", self.language))
        if self.verbatim:
            pairs.append(("exact", "1"))
        return pairs

    def at_page(self, page: int) -> "PageAddress":
        """Return the address of another page of the result."""
        return self._with(page=page)

    def sorted_by(self, sort: str) -> "PageAddress":
        """Return the address of the result in another order."""
        return self._with(sort=sort, page=1)

    def in_language(self, language: str) -> "PageAddress":
        """Return the address of the page in another language."""
        return replace(self, language=language)

    def as_typed(self, *, verbatim: bool) -> "PageAddress":
        """Return the address that takes the words as they are, or no longer does."""
        return replace(self._with(page=1), verbatim=verbatim)

    def searching(self, text: str) -> "PageAddress":
        """Return the address of another search, without filters."""
        return replace(self._with(q=text, filter=(), sort="relevance", page=1), verbatim=False)

    def without_filters(self) -> "PageAddress":
        """Return the address of the whole result."""
        return self._with(filter=(), page=1)

    def without(self, keep: Callable[[Filter], bool]) -> "PageAddress":
        """Return the address with only the filters that are to be kept."""
        kept = tuple(text for text, each in self.filters if keep(each))
        return self._with(filter=kept, page=1)

    def without_field(self, field: str) -> "PageAddress":
        """Return the address without the filters of a field."""
        return self.without(lambda each: isinstance(each, TextFilter) or each.field != field)

    def filtered(self, *texts: str) -> "PageAddress":
        """Return the address with further filters."""
        return self._with(filter=(*self.query.filter, *texts), page=1)

    def values(self, field: str) -> tuple[str, ...]:
        """Return the values of which products have one, as the filters of a field say."""
        return tuple(
            value
            for _, each in self.filters
            if isinstance(each, TermFilter) and each.field == field and not each.negated
            for value in each.values
        )

    def toggled(self, field: str, value: str) -> "PageAddress":
        """Return the address with a value chosen that was not, or no longer chosen."""
        folded = value.casefold()
        chosen = self.values(field)
        others = tuple(each for each in chosen if each.casefold() != folded)
        values = others if len(others) < len(chosen) else (*chosen, value)
        rest = self.without(
            lambda each: not isinstance(each, TermFilter) or each.field != field or each.negated
        )
        return rest.filtered(f"{field}={'|'.join(values)}") if values else rest

    def renamed(self, field: str, other: str) -> "PageAddress":
        """Return the address with the filters of a field as filters of another."""
        kept = tuple(
            text
            if isinstance(each, TextFilter) or each.field != field
            else f"{other}{text.strip().removeprefix(field)}"
            for text, each in self.filters
        )
        return self._with(filter=kept, page=1)

    def priced(self, lowest: str, highest: str) -> "PageAddress":
        """Return the address with the bounds that a shopper typed, if any."""
        bounds = [
            f"price{operator}{bound.strip()}"
            for operator, bound in ((">=", lowest), ("<=", highest))
            if bound.strip()
        ]
        return self.without_field("price").filtered(*bounds) if bounds else self

    def _with(self, **changes: Any) -> "PageAddress":  # noqa: ANN401 - the query's fields
        return replace(self, query=self.query.model_copy(update=changes))


def price_bounds(address: PageAddress) -> tuple[float | None, float | None]:
    """Return the lowest and the highest price that the filters of an address let through."""
    lowest: float | None = None
    highest: float | None = None
    for _, each in address.filters:
        if isinstance(each, RangeFilter) and each.field == "price":
            low = each.at_least if each.at_least is not None else each.greater_than
            high = each.at_most if each.at_most is not None else each.less_than
            lowest = low if lowest is None else lowest
            highest = high if highest is None else highest
    return lowest, highest
