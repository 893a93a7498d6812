"""The searches that a view of the page takes."""

from urllib.parse import parse_qsl

import pytest

from query_proxy.circuit_breaker import CircuitBreaker
from query_proxy.json_api.shop_search import ShopSearch
from query_proxy.planner import PlainPlanner
from query_proxy.search_page.address import PageAddress
from query_proxy.search_page.listing import Listing, PageListing
from search_core import (
    IndexNotFoundError,
    QueryPlan,
    SearchEngineTimeoutError,
    TermFilter,
)
from tests.unit.query_proxy.page_retriever import FakeRetriever, hit

BELOW_THE_WINDOW = 50


class ShoutingPlanner:
    async def plan(self, index, text, filters=()):
        return QueryPlan(original_text=text, text=text.upper(), filters=filters)


async def find(retriever: FakeRetriever, query: str) -> Listing:
    breaker = CircuitBreaker(5, 1.0, lambda: 0.0, lambda is_open: None)
    understood, verbatim = (
        ShopSearch(retriever, planner, breaker, ("shop", "other"))
        for planner in (ShoutingPlanner(), PlainPlanner())
    )
    listing = PageListing(understood, verbatim, counts_from=BELOW_THE_WINDOW)
    return await listing.find(PageAddress.read(parse_qsl(query)), {})


def red_or_blue(count: int) -> tuple:
    return tuple(
        hit(n, attributes=[{"name": "Colour", "value": "red" if n % 2 else "blue"}])
        for n in range(1, count + 1)
    )


async def test_the_attributes_that_tell_its_products_apart_are_counted_below_the_window():
    retriever = FakeRetriever(red_or_blue(6), {"colour": {"red": 3, "blue": 3}})
    found = await find(retriever, "q=mug")
    page, counts = retriever.asked
    assert (page.offset, page.size, page.explain) == (0, 24, True)
    assert (counts.offset, counts.size, counts.facets) == (BELOW_THE_WINDOW, 1, ("colour",))
    assert [each.value for each in found.facets["colour"].values] == ["red", "blue"]


async def test_a_filtered_field_counts_what_else_could_be_chosen():
    retriever = FakeRetriever((hit(1),))
    await find(retriever, "q=mug&filter=brand%3DHP&filter=price%3C50")
    brand = next(each for each in retriever.asked if each.facets == ("brand",))
    assert [each.field for each in brand.plan.filters] == ["price"]
    price = next(each for each in retriever.asked if each.facets == ("price",))
    assert price.plan.filters == (TermFilter(field="brand", values=("HP",)),)


async def test_a_chosen_category_is_not_counted_again():
    retriever = FakeRetriever((hit(1),))
    await find(retriever, "filter=category%3DShoes")
    assert len(retriever.asked) == 1


async def test_many_filters_do_not_make_many_searches():
    retriever = FakeRetriever((hit(1),))
    await find(retriever, "&".join(f"filter=a{n}%3D1" for n in range(20)))
    assert len(retriever.asked) == 1 + 1 + 4  # the page, its attributes, four filtered fields


async def test_counts_that_fail_leave_the_products_and_are_told():
    late = SearchEngineTimeoutError("late")
    found = await find(FakeRetriever(red_or_blue(6), count_failure=late), "q=mug")
    assert len(found.response.hits) == 6
    assert found.degraded == ("without counts",)
    assert "colour" not in found.facets


async def test_an_empty_result_shows_what_else_there_is_on_its_first_page_only():
    retriever = FakeRetriever()
    await find(retriever, "q=nothing")
    assert [each.plan.text for each in retriever.asked] == ["NOTHING", ""]
    retriever = FakeRetriever()
    await find(retriever, "q=nothing&page=9")
    assert len(retriever.asked) == 1


async def test_words_are_understood_unless_they_are_wanted_as_typed():
    retriever = FakeRetriever((hit(1),))
    await find(retriever, "q=mug")
    await find(retriever, "q=mug&exact=1")
    assert [each.plan.text for each in retriever.asked] == ["MUG", "mug"]


async def test_variants_are_shown_and_counted_as_one_everywhere():
    retriever = FakeRetriever(red_or_blue(6))
    await find(retriever, "q=mug")
    await find(FakeRetriever(asked=retriever.asked), "q=nothing")
    assert [each.collapse_variants for each in retriever.asked] == [True] * 4


async def test_only_the_indices_that_are_served_can_be_looked_at():
    await find(FakeRetriever((hit(1),)), "index=other")
    with pytest.raises(IndexNotFoundError, match="secret"):
        await find(FakeRetriever((hit(1),)), "index=secret")
