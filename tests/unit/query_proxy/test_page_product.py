"""A product as a card."""

import pytest

from query_proxy.search_page.english import ENGLISH
from query_proxy.search_page.product import Card, card, picture_address, placeholder, web_address
from search_core import Hit


def card_of(**document: object) -> Card:
    hit = Hit(product_id="p", rank=1, fused_score=1.0, document={"title": "Mug", **document})
    return card(hit, None, None, ENGLISH)


def test_a_card_shows_what_the_catalogue_says():
    shown = card_of(
        brand="Brellin",
        price=22.5,
        currency="USD",
        available=False,
        rating=4.25,
        url="https://shop.example/p/mug",
        product_type="Travel mug",
        language="en",
    )
    assert (shown.title, shown.brand, shown.price) == ("Mug", "Brellin", "$22.50")
    assert (shown.available, shown.rating, shown.kind) == (False, "4.2", "Travel mug")
    assert shown.url == "https://shop.example/p/mug"


def test_what_the_catalogue_does_not_say_is_left_out():
    shown = card_of()
    assert (shown.brand, shown.available, shown.rating, shown.url) == (None, None, None, None)
    assert shown.price == "Price on request"
    assert shown.placeholder.letter == "M"


def test_without_a_type_the_narrowest_category_says_what_it_is():
    assert card_of(category=["Kitchen", "Kitchen > Mugs"]).kind == "Mugs"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "images/p.jpg", "http://[", ""],
)
def test_only_web_addresses_are_linked(address):
    assert web_address(address) is None


def test_relative_pictures_need_to_be_told_where_they_are():
    assert picture_address("images/p.jpg", None) is None
    assert picture_address("images/p.jpg", "https://cdn.example/") == (
        "https://cdn.example/images/p.jpg"
    )
    assert picture_address("https://a.example/p.jpg", None) == "https://a.example/p.jpg"
    assert picture_address("javascript:alert(1)", "https://cdn.example/") is None
    assert picture_address("http://[", "https://cdn.example/") is None


def test_products_of_one_type_have_one_colour_and_letter():
    one, other = placeholder("护肤", "p1"), placeholder("护肤", "p2")
    assert (one.hue, one.letter) == (other.hue, other.letter)
    assert one.letter == "护"
    assert 0 <= one.hue < 360
    assert 0 <= one.pattern < 4


def test_a_type_without_letters_has_a_drawing_too():
    assert placeholder("—", "p").letter == "·"
