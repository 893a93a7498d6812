from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_understanding.quantities.price_expressions import price_expressions
from search_core import RangeFilter


def at_most(number):
    return RangeFilter(field="price", at_most=number)


def at_least(number):
    return RangeFilter(field="price", at_least=number)


def under(number):
    return RangeFilter(field="price", less_than=number)


def over(number):
    return RangeFilter(field="price", greater_than=number)


def between(low, high):
    return RangeFilter(field="price", at_least=low, at_most=high)


PHRASINGS = {
    under(500): """
        under 500|under $500|under 500 dollars|below 500|below €500|less than 500|less than £500
        cheaper than 500|lower than 500 euros|beneath 500|< 500|<500|priced under 500|for under 500
        price under 500|under 500 bucks|under US$500|under 500 USD|under 500€|costs less than 500
        低于500|低于500元|少于500块|小于500|不到500元|不到五百|低于五百元的|便宜于500元|不足500元|价格低于500
        价格在500以下的手机~|under 0.5k
    """,
    at_most(500): """
        up to 500|up to $500|at most 500|max 500|maximum 500|max of 500 euros|no more than 500
        no more than $500|not over 500|not above 500|<= 500|≤500|within 500|$500 or less
        500 dollars or less|500€ or under|$500 and under|500 euros max|$500 tops|not more than 500~
        500以下|500元以下|500以内|500元以内|500块以内|500块钱以内|500元之内|500之下|五百以下|五百元以内
        五百块钱以下|不超过500|不超过500元|不超过五百块|最多500|最多500元|最高500元|不高于500|不多于500
        至多500元|顶多500块|预算500以内|预算500元以下|价格500以下|价格在500元以内|500元内|500元封顶
        ￥500以下|¥500以内|500人民币以内|500圆以下
    """,
    at_least(500): """
        at least 500|at least $500|min 500|minimum 500 dollars|no less than 500|starting at $500
        starting from 500 euros|from $500|>= 500|≥500|$500 or more|500 dollars or more|$500 and up
        500€ and over|$500+|not under 500|not below $500
        500以上|500元以上|500块以上|500元起|500起|五百以上|五百元以上|至少500|至少500元|最少500块
        最低500元|不低于500|不少于500元|起码500|500元之上|500元往上|500元起步
    """,
    over(500): """
        over 500|over $500|above 500|above €500|more than 500|more than 500 dollars|higher than 500
        exceeding $500|upwards of 500|> 500|>500|pricier than 500|dearer than $500
        高于500|高于500元|超过500|超过五百元|大于500|多于500块
    """,
    between(100, 200): """
        between 100 and 200|between $100 and $200|between 100 and 200 dollars|between 200 and 100
        between 100 & 200|from 100 to 200|from $100 to $200|from 100-200|$100-200|$100 - $200
        $100 to $200|100-200 dollars|100 to 200 euros|€100–€200|100€-200€|price 100-200
        price range 100-200|price 100 to 200|priced between 100 and 200|in between 100 and 200
        budget 100-200|costing between 100 and 200
        100到200元|100-200元|100至200元|100～200元|100元到200元|一百到两百元|100到200块|100-200块钱
        100到200之间|100-200之间|一百到二百之间|价格100-200|价格在100到200|预算100到200|¥100-¥200
        100-200元之间的
    """,
    between(80, 120): """
        around 100|around $100|about 100 dollars|approximately 100|approx 100|approx. $100
        roughly 100|circa 100 euros|~ $100|near 100
        100元左右|100左右|100块左右|一百左右|一百元左右的|大约100元|大概100块|约100元|100元上下|差不多100元
    """,
}
CASES = [
    (phrase.strip(), expected)
    for expected, block in PHRASINGS.items()
    for line in block.strip().splitlines()
    for phrase in line.split("|")
    if phrase.strip() and not phrase.endswith("~")
]


def ranges(text):
    return [each.range for each in price_expressions(text)]


def test_the_grammar_is_tested_on_150_phrasings():
    assert len({phrase for phrase, _ in CASES}) >= 150


@pytest.mark.parametrize(("phrase", "expected"), CASES)
def test_a_phrasing_is_read_alone_and_beside_a_product(phrase, expected):
    in_chinese = any("\u4e00" <= each <= "\u9fff" for each in phrase)
    for text in (phrase, f"{phrase}手机" if in_chinese else f"phone {phrase}"):
        (found,) = ranges(text)
        assert _bounds(found) == pytest.approx(_bounds(expected), rel=1e-9), text


def _bounds(each):
    nothing = float("-inf")
    return [
        nothing if bound is None else bound
        for bound in (each.greater_than, each.at_least, each.less_than, each.at_most)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "iphone 12",
        "windows 10",
        "rtx 2060",
        "laptop under 2 kg",
        "monitor over 27 inch",
        "between 2 and 3 metres",
        "over ear headphones",
        "under armour shoes 50",
        "under 2963986281260",
        "一" * 30,
        "size 38 to 40",
        "12-24 months",
        "tent for 4",
        "cable 1-2 m",
        "3000毫安以上充电宝",
        "6英寸以上手机",
        "3岁以上玩具",
        "10 to 20",
        "up to 18v",
        "180x200",
        "max 30 degrees",
        "",
    ],
)
def test_other_numbers_are_no_prices(text):
    assert ranges(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "tea at least 40 bags",
        "more than 8 ports",
        "tea min 40 bags",
        "tea not less than 40 bags",  # nor is it `less than 40`
        "tea at least 40-bag box",
        "at least 1,000 bags",
        "at least 1 000 bags",
        "over 1,000 thread sheets",  # nor is it `over 1`
        "camera from 2019 model",
        "茶至少40包",
        "硬币超过8枚",
    ],
)
def test_a_lower_bound_before_a_word_says_how_many(text):
    assert ranges(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("under 500 headphones", [under(500)]),
        ("at least $40 bags", [at_least(40)]),
        ("over 40 euros tea", [over(40)]),
        ("price over 40 tea", [over(40)]),
        ("headphones over 100 for running", [over(100)]),
        ("headphones over 100, black", [over(100)]),
        ("phone over 500 128gb", [over(500)]),
        ("headphones over 100 under 500", [over(100), under(500)]),
        ("headphones over 100 but under 500", [over(100), under(500)]),
        ("tea over 40 each", [over(40)]),
        ("耳机大于100小于500", [over(100), under(500)]),
        ("超过100的耳机", [over(100)]),
    ],
)
def test_other_words_beside_a_bound_leave_the_price(text, expected):
    assert ranges(text) == expected


NUMBERS = st.integers(min_value=1, max_value=99_999)


@given(NUMBERS)
def test_every_number_is_read_as_it_is(number):
    assert ranges(f"lamp under {number}") == [under(number)]
    assert ranges(f"lamp under ${number:,}") == [under(number)]
    assert ranges(f"{number}元以下的台灯") == [at_most(number)]


@given(NUMBERS, NUMBERS)
def test_the_bounds_of_a_range_may_come_in_any_order(first, second):
    low, high = sorted((first, second))
    assert ranges(f"between {first} and {second}") == [between(low, high)]
    assert ranges(f"{first}到{second}元") == [between(low, high)]


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error_and_without_overlaps(text):
    found = price_expressions(text)
    for before, after in pairwise(found):
        assert before.end <= after.start
    assert all(0 <= each.start < each.end <= len(text) for each in found)


def test_a_currency_makes_a_price_certain():
    assert [each.certain for each in price_expressions("under $5")] == [True]
    assert [each.certain for each in price_expressions("under 5")] == [False]


@pytest.mark.parametrize("said", ["each", "apiece", "per pack"])
def test_that_a_price_is_of_one_goes_with_it(said):
    text = f"lamp less than $5 {said}"
    (found,) = price_expressions(text)
    assert text[found.start : found.end] == f"less than $5 {said}"
    (other,) = price_expressions("lamp less than $5 reach")
    assert other.end == len("lamp less than $5")


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("wine under ten pounds", "under ten pounds", under(10)),
        ("wine under five pounds each", "under five pounds each", under(5)),
        ("Wine Under Twenty", "Under Twenty", under(20)),
        ("gift under twenty-five for mum", "under twenty-five", under(25)),
        ("fifty dollars or less", "fifty dollars or less", at_most(50)),
        ("tv over fifteen hundred dollars", "over fifteen hundred dollars", over(1_500)),
        ("no more than a hundred and fifty", "no more than a hundred and fifty", at_most(150)),
        ("between ten and twenty", "between ten and twenty", between(10, 20)),
        ("from five to ten euros red", "from five to ten euros", between(5, 10)),
    ],
)
def test_number_words_are_read_behind_a_bound_and_before_a_currency(text, said, expected):
    (price,) = price_expressions(text)
    assert price.range == expected
    assert text[price.start : price.end] == said


@pytest.mark.parametrize(
    "text",
    [
        "up to two monitors",
        "stand for up to two",
        "under one roof",
        "more than one",
        "under twenty kilos",
        "under twenty leagues",
        "twenty to thirty",
        "one hundred years",
        "ten dollar bill",
        "under nineteen eighty four",
    ],
)
def test_number_words_of_anything_else_are_no_prices(text):
    assert price_expressions(text) == ()


def test_places_behind_a_worded_price_are_those_of_the_text():
    text = "under a hundred dollars or over 500 euros"
    assert [text[each.start : each.end] for each in price_expressions(text)] == [
        "under a hundred dollars",
        "over 500 euros",
    ]
