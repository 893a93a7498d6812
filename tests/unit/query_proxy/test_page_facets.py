"""The filters that the page offers."""

from urllib.parse import parse_qsl

import pytest

from query_proxy.search_page.address import PageAddress
from query_proxy.search_page.chinese import CHINESE
from query_proxy.search_page.english import ENGLISH
from query_proxy.search_page.facets import FacetGroup, currency_of, facet_groups
from search_core import Facet, FacetValue


def address(query: str = "") -> PageAddress:
    return PageAddress.read(parse_qsl(query))


def facet(field: str, **counts: int) -> Facet:
    return Facet(field=field, values=tuple(FacetValue(value=v, count=c) for v, c in counts.items()))


def groups(*facets: Facet, query: str = "", texts=ENGLISH) -> list[FacetGroup]:
    by_field = {each.field: each for each in facets}
    return list(facet_groups(address(query), by_field, {"colour": "Colour"}, texts))


def test_a_value_leads_to_the_result_that_has_it():
    (brand,) = groups(facet("brand", Aria=3, Brellin=1), query="q=mug")
    assert brand.title == "Brand"
    assert [(each.text, each.count, each.url) for each in brand.options] == [
        ("Aria", 3, "?q=mug&filter=brand%3DAria"),
        ("Brellin", 1, "?q=mug&filter=brand%3DBrellin"),
    ]


def test_a_chosen_value_leads_back():
    (brand,) = groups(facet("brand", Aria=3, Brellin=1), query="filter=brand%3Daria")
    assert [each.chosen for each in brand.options] == [True, False]
    assert brand.options[0].url == "./"
    assert brand.options[1].url == "?filter=brand%3Daria%7CBrellin"


def test_a_field_with_one_value_offers_no_choice():
    assert groups(facet("brand", Aria=3)) == []


def test_an_attribute_with_one_value_narrows():
    (colour,) = groups(facet("colour", red=2))
    assert colour.title == "Colour"


def test_more_than_six_values_are_folded_but_not_those_that_are_chosen():
    many = facet("colour", a=9, b=8, c=7, d=6, e=5, f=4, g=3, h=2)
    (colour,) = groups(many, query="filter=colour%3Dh")
    assert [each.text for each in colour.first] == ["a", "b", "c", "d", "e", "f", "h"]
    assert [each.text for each in colour.folded] == ["g"]


def test_true_and_false_are_yes_and_no_in_the_page_s_language():
    (colour,) = groups(facet("wireless", true=2, false=1), texts=CHINESE)
    assert [each.text for each in colour.options] == ["是", "否"]
    (stock,) = groups(facet("available", true=2, false=1))
    assert [each.text for each in stock.options] == ["In stock", "Out of stock"]


def test_a_value_that_a_filter_cannot_hold_is_not_offered():
    (colour,) = groups(facet("colour", **{"red|blue": 2, "red": 1}))
    assert [each.text for each in colour.options] == ["red"]


CATEGORIES = {"Shoes": 5, "Shoes > Boots": 3, "Shoes > Boots > Rain": 1, "Bags": 2}


def test_only_the_top_categories_are_offered_first():
    (category,) = groups(facet("category", **CATEGORIES))
    assert [each.text for each in category.options] == ["Shoes", "Bags"]


def test_a_chosen_category_shows_the_way_up_and_what_is_below():
    query = "filter=category%3DShoes+%3E+Boots"
    (category,) = groups(facet("category", **CATEGORIES), query=query)
    assert [(each.text, each.chosen, each.is_below) for each in category.options] == [
        ("All categories", False, False),
        ("Shoes", False, False),
        ("Boots", True, False),
        ("Rain", False, True),
    ]
    assert category.options[0].url == "./"
    assert category.options[1].url == "?filter=category%3DShoes"


PRICES = {"under 0.1": 1, "20 to 50": 3, "1e+06 and more": 1}


def test_prices_are_ranges_that_replace_each_other():
    query = "filter=price%3E%3D20&filter=price%3C50&filter=currency%3DUSD"
    price = next(
        each
        for each in groups(facet("currency", USD=5), facet("price", **PRICES), query=query)
        if each.field == "price"
    )
    assert [(each.text, each.chosen, each.url) for each in price.options] == [
        ("Under $0.1", False, "?filter=currency%3DUSD&filter=price%3C0.1"),
        ("$20 to $50", True, "?filter=currency%3DUSD"),
        ("$1,000,000 and more", False, "?filter=currency%3DUSD&filter=price%3E%3D1e%2B06"),
    ]


def test_prices_of_several_currencies_are_not_offered_but_the_currencies_are():
    offered = groups(facet("currency", USD=3, CNY=2), facet("price", **PRICES))
    assert [each.field for each in offered] == ["currency"]


@pytest.mark.parametrize(
    ("counts", "currency"), [({"USD": 3}, "USD"), ({"USD": 3, "CNY": 1}, None), ({}, None)]
)
def test_a_result_has_a_currency_when_all_its_prices_do(counts, currency):
    assert currency_of({"currency": facet("currency", **counts)}) == currency
