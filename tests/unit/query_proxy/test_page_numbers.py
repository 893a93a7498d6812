"""Prices and numbers in the page's languages."""

import pytest

from query_proxy.search_page.chinese import CHINESE
from query_proxy.search_page.english import ENGLISH
from query_proxy.search_page.numbers import number_text, price_text, range_text


@pytest.mark.parametrize(
    ("price", "currency", "english", "chinese"),
    [
        (64.9, "USD", "$64.90", "US$64.90"),
        (1399.0, "CNY", "CN¥1,399.00", "¥1,399.00"),
        (5.0, "XXQ", "XXQ5.00", "XXQ5.00"),
        (5.0, None, "5.00", "5.00"),
    ],
)
def test_a_price_is_written_as_the_language_writes_it(price, currency, english, chinese):
    assert price_text(price, currency, ENGLISH).replace("\xa0", "") == english
    assert price_text(price, currency, CHINESE).replace("\xa0", "") == chinese


def test_the_bounds_of_a_range_have_cents_only_where_they_need_them():
    assert range_text(20.0, 50.0, "USD", ENGLISH) == "$20 to $50"
    assert range_text(0.5, 1.0, "USD", ENGLISH) == "$0.5 to $1"


def test_a_range_can_be_open():
    assert range_text(None, 50.0, "USD", ENGLISH) == "Under $50"
    assert range_text(100.0, None, "CNY", CHINESE) == "¥100 以上"


def test_large_numbers_are_grouped():
    assert number_text(1030, ENGLISH) == "1,030"
