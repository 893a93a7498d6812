"""Everything that the template of the search page fills in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from query_proxy.search_page.address import HITS_ON_A_PAGE, PageAddress, price_bounds
from query_proxy.search_page.attributes import attribute_titles, title_of
from query_proxy.search_page.chips import Chip, chips, filter_text
from query_proxy.search_page.facets import FacetGroup, currency_of, facet_groups
from query_proxy.search_page.language import TEXTS
from query_proxy.search_page.listing import Listing
from query_proxy.search_page.numbers import number_text
from query_proxy.search_page.product import Card, card
from query_proxy.search_page.reasons import reasons
from query_proxy.search_page.texts import PageTexts
from retrieval import UnknownName
from search_core import Filter, Hit

_DEEPEST = 10_000
"""What can be paged through: see `retrieval.SearchRequest`."""
_UNSAID = frozenset({"product_type", "category", "id"})
"""Preferences that are not told: what kind of product is meant is a guess of nearly every search,
and by id those few are put first that a told one is about."""
_AROUND = 1
"""Pages linked on each side of the current one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A text that leads to an address."""

    text: str
    url: str
    current: bool = False
    tag: str = ""
    """Language of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """How the query was understood, where that differs from what was typed."""

    wishes: tuple[str, ...]
    """Filters that were read from the words."""
    first: tuple[str, ...]
    """Products that come first, because the words ask for them."""
    last: tuple[str, ...]
    text: str | None
    """What was searched; `None`: what was typed."""
    url: str
    """Of the words as typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownFilter:
    """A filter by a name that no product has."""

    text: str
    near: tuple[Link, ...]
    """To the same filter under other names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One view of the search page."""

    texts: PageTexts
    shop_name: str
    address: PageAddress
    heading: str
    count: str
    cards: tuple[Card, ...]
    popular: tuple[Card, ...]
    groups: tuple[FacetGroup, ...]
    chips: tuple[Chip, ...]
    sorts: tuple[Link, ...]
    languages: tuple[Link, ...]
    pages: tuple[Link | None, ...]
    """`None`: pages are left out here."""
    previous: Link | None
    following: Link | None
    suggestion: Link | None
    understanding: Understanding | None
    unknown: tuple[UnknownFilter, ...]
    degraded: tuple[str, ...] | None
    """Sentences on what is not working; `None`: all is well."""
    price_bounds: tuple[str, str]
    """What the price form shows: the chosen bounds, as they are typed."""
    hidden: tuple[tuple[str, str], ...]
    """What the price form keeps of the address."""


def page_view(
    address: PageAddress,
    listing: Listing,
    texts: PageTexts,
    shop_name: str,
    image_base: str | None,
) -> PageView:
    """Return what the template fills in.

    Args:
        address: that was asked for.
        listing: what was found.
        texts: of the page's language.
        shop_name: stands at the top.
        image_base: address that relative addresses of pictures start from.
    """
    response, query = listing.response, address.query
    titles = attribute_titles(response.hits)
    currency = currency_of(listing.facets)
    asked = {getattr(each, "field", None) for _, each in address.filters}
    total = response.total
    links = {page: _page_link(address, page, texts) for page in _shown_pages(query.page, total)}
    last = _last_page(total)
    suggestion = response.plan.suggestion
    return PageView(
        texts=texts,
        shop_name=shop_name,
        address=address,
        heading=texts.results_for.format(text=query.q) if query.q else texts.everything,
        count=_count(total, texts),
        cards=_cards(address, response.hits, image_base, texts),
        popular=tuple(card(hit, None, image_base, texts) for hit in listing.popular),
        groups=facet_groups(address, listing.facets, titles, texts),
        chips=chips(address, titles, currency, texts),
        sorts=_sorts(address, texts),
        languages=language_links(address, texts),
        pages=_with_gaps(links),
        previous=_page_link(address, min(query.page - 1, last), texts) if query.page > 1 else None,
        following=_page_link(address, query.page + 1, texts) if query.page < last else None,
        suggestion=Link(text=suggestion, url=address.searching(suggestion).url)
        if suggestion
        else None,
        understanding=_understanding(address, listing, titles, texts),
        # A name in the shop's own rules is nothing that a shopper could put right.
        unknown=tuple(
            _unknown(address, each, texts) for each in response.unknown_names if each.name in asked
        ),
        degraded=_degraded(listing.degraded, texts),
        price_bounds=_typed_bounds(address),
        hidden=_hidden(address),
    )


def _count(total: int, texts: PageTexts) -> str:
    return (
        texts.one_product if total == 1 else texts.products.format(count=number_text(total, texts))
    )


def _unknown(address: PageAddress, unknown: UnknownName, texts: PageTexts) -> UnknownFilter:
    return UnknownFilter(
        text=texts.unknown_name.format(name=unknown.name),
        near=tuple(
            Link(
                text=texts.facets.get(each) or title_of(each),
                url=address.renamed(unknown.name, each).url,
            )
            for each in unknown.near
        ),
    )


def language_links(address: PageAddress, texts: PageTexts) -> tuple[Link, ...]:
    """Return the page's address in each of its languages."""
    return tuple(
        Link(
            text=each.own_name,
            url=address.in_language(each.language).url,
            current=each is texts,
            tag=each.tag,
        )
        for each in TEXTS.values()
    )


def _cards(
    address: PageAddress, hits: Sequence[Hit], image_base: str | None, texts: PageTexts
) -> tuple[Card, ...]:
    sort = _sort(address)
    return tuple(
        card(
            hit,
            reasons(hit, hits[place] if place < len(hits) else None, hits, sort, texts),
            image_base,
            texts,
        )
        for place, hit in enumerate(hits, start=1)
    )


def _sort(address: PageAddress) -> str:
    """Return what the result is sorted by: without a text nothing matches better than another."""
    query = address.query
    return "popularity:desc" if query.sort == "relevance" and not query.q else query.sort


def _sorts(address: PageAddress, texts: PageTexts) -> tuple[Link, ...]:
    current = _sort(address)
    offered = [key for key in texts.sorts if address.query.q or key != "relevance"]
    return tuple(
        Link(text=texts.sorts[key], url=address.sorted_by(key).url, current=key == current)
        for key in offered
    )


def _last_page(total: int) -> int:
    return -(-min(total, _DEEPEST - _DEEPEST % HITS_ON_A_PAGE) // HITS_ON_A_PAGE)


def _shown_pages(page: int, total: int) -> list[int]:
    last = _last_page(total)
    around = range(page - _AROUND, page + _AROUND + 1)
    return sorted({each for each in (1, *around, last) if 1 <= each <= last})


def _page_link(address: PageAddress, page: int, texts: PageTexts) -> Link:
    return Link(
        text=number_text(page, texts),
        url=address.at_page(page).url,
        current=page == address.query.page,
    )


def _with_gaps(links: dict[int, Link]) -> tuple[Link | None, ...]:
    shown: list[Link | None] = []
    before = 0
    for page, link in links.items():
        if page > before + 1:
            shown.append(None)
        shown.append(link)
        before = page
    return tuple(shown) if len(links) > 1 else ()


def _understanding(
    address: PageAddress, listing: Listing, titles: dict[str, str], texts: PageTexts
) -> Understanding | None:
    plan = listing.response.plan
    currency = currency_of(listing.facets)
    asked: set[Filter] = {each for _, each in address.filters}
    read = [each for each in plan.filters if each not in asked]
    read += [each.filter for each in plan.inferred_filters]
    wished = [each for each in plan.boosts if getattr(each.filter, "field", "") not in _UNSAID]
    typed = " ".join(plan.original_text.split())
    text = None if plan.text.casefold() == typed.casefold() else plan.text

    def told(filters: Iterable[Filter]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter_text(each, titles, currency, texts) for each in filters))

    understanding = Understanding(
        wishes=told(read),
        first=told(each.filter for each in wished if each.weight > 0),
        last=told(each.filter for each in wished if each.weight < 0),
        text=text,
        url=address.as_typed(verbatim=True).url,
    )
    return understanding if read or wished or text else None


def _degraded(reasons_given: Sequence[str], texts: PageTexts) -> tuple[str, ...] | None:
    """Return what does not work, without the causes: those are the operator's, not a shopper's."""
    if not reasons_given:
        return None
    parts = [each.removeprefix("without ").partition(":")[0] for each in reasons_given]
    known = dict.fromkeys(
        texts.degraded_parts[each] for each in parts if each in texts.degraded_parts
    )
    return tuple(known)


def _hidden(address: PageAddress) -> tuple[tuple[str, str], ...]:
    rest = address.without_field("price")
    pairs = [("q", rest.query.q)] if rest.query.q else []
    pairs += [("filter", each) for each in rest.query.filter]
    if rest.query.sort != "relevance":
        pairs.append(("sort", rest.query.sort))
    return (*pairs, *rest.kept)


def _typed_bounds(address: PageAddress) -> tuple[str, str]:
    lowest, highest = price_bounds(address)
    return (
        "" if lowest is None else f"{lowest:.10g}",
        "" if highest is None else f"{highest:.10g}",
    )
