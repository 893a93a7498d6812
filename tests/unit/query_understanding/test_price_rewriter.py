import pytest
from shop import rewritten

from query_understanding.quantities.price_rewriter import PriceRewriter
from search_core import RangeFilter


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("cheap headset", "headset"),
        ("便宜的耳机", "耳机"),
        ("耳机 平价", "耳机"),
        ("实惠耳机", "耳机"),
    ],
)
def test_a_wish_for_little_money_is_taken_out_and_preferred(text, rest):
    plan = rewritten(PriceRewriter(), text)
    assert plan.text == rest
    assert [type(each.filter) for each in plan.boosts] == [RangeFilter]


def test_it_stays_where_nothing_else_is_asked_for():
    assert rewritten(PriceRewriter(), "便宜的").text == "便宜的"


def test_what_led_to_the_price_goes_with_it():
    plan = rewritten(PriceRewriter(), "headset for under 60")
    assert plan.text == "headset"
    assert [each.filter for each in plan.inferred_filters] == [
        RangeFilter(field="price", less_than=60.0)
    ]
