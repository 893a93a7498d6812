from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_understanding.quantities.price_expressions import price_expressions
from query_understanding.quantities.range_expressions import range_expressions

BOUNDS = ("greater_than", "at_least", "less_than", "at_most")
BEFORE = {
    "under": "less_than", "below": "less_than", "less than": "less_than",
    "smaller than": "less_than", "lighter than": "less_than", "shorter than": "less_than",
    "over": "greater_than", "above": "greater_than", "more than": "greater_than",
    "bigger than": "greater_than", "heavier than": "greater_than",
    "longer than": "greater_than", "exceeding": "greater_than",
    "up to": "at_most", "at most": "at_most", "max": "at_most", "maximum of": "at_most",
    "no more than": "at_most", "not over": "at_most", "no larger than": "at_most",
    "within": "at_most", "<=": "at_most",
    "at least": "at_least", "min": "at_least", "minimum": "at_least", "no less than": "at_least",
    "not under": "at_least", "from": "at_least", ">=": "at_least",
}  # fmt: skip
AFTER = {
    "or more": "at_least", "or bigger": "at_least", "or larger": "at_least",
    "or longer": "at_least", "and up": "at_least", "and above": "at_least", "+": "at_least",
    "or less": "at_most", "or smaller": "at_most", "or lighter": "at_most",
    "and under": "at_most", "or below": "at_most", "max": "at_most",
}  # fmt: skip
CHINESE_BEFORE = {
    "不超过": "at_most", "最多": "at_most", "至少": "at_least", "不低于": "at_least",
    "低于": "less_than", "小于": "less_than", "超过": "greater_than", "大于": "greater_than",
}  # fmt: skip
CHINESE_AFTER = {
    "以下": "at_most", "以内": "at_most", "及以下": "at_most", "以上": "at_least",
    "及以上": "at_least", "或以上": "at_least", "起": "at_least", "或更大": "at_least",
}  # fmt: skip
# As it is written → dimension, and amount in the dimension's smallest unit.
QUANTITIES = {
    "2 kg": ("mass", 2_000), "500g": ("mass", 500), "16gb": ("data", 16_000),
    "2 tb": ("data", 2_000_000), "30 cm": ("length", 300), "1.5 l": ("volume", 1_500),
    "65w": ("power", 65), "5000 mah": ("charge", 5_000),
}  # fmt: skip
CHINESE_QUANTITIES = {
    "2公斤": ("mass", 2_000), "两公斤": ("mass", 2_000), "30厘米": ("length", 300),
    "1.5升": ("volume", 1_500), "500克": ("mass", 500),
}  # fmt: skip


def bounds(found):
    return {name: getattr(found, name) for name in BOUNDS if getattr(found, name) is not None}


@pytest.mark.parametrize("words", CHINESE_BEFORE)
def test_a_chinese_bound_needs_no_space_before_it(words):
    (found,) = range_expressions(f"沐浴露{words}500克")
    assert bounds(found) == {CHINESE_BEFORE[words]: 500}
    assert (found.start, found.end) == (3, 3 + len(f"{words}500克"))


def test_an_english_bound_is_a_word_of_its_own():
    assert range_expressions("hangover 2 kg") == ()


@pytest.mark.parametrize(("words", "written"), list(product(BEFORE, QUANTITIES)))
def test_a_bound_before_the_quantity_is_read(words, written):
    (found,) = range_expressions(f"thing {words} {written} red")
    dimension, amount = QUANTITIES[written]
    assert bounds(found) == {BEFORE[words]: pytest.approx(amount)}
    assert found.quantity.dimension == dimension
    assert f"thing {words} {written} red"[found.start : found.end] == f"{words} {written}"


@pytest.mark.parametrize(("words", "written"), list(product(AFTER, QUANTITIES)))
def test_a_bound_behind_the_quantity_is_read(words, written):
    (found,) = range_expressions(f"thing {written} {words}")
    assert bounds(found) == {AFTER[words]: pytest.approx(QUANTITIES[written][1])}


@pytest.mark.parametrize(("words", "written"), list(product(CHINESE_BEFORE, CHINESE_QUANTITIES)))
def test_a_chinese_bound_before_the_quantity_is_read(words, written):
    (found,) = range_expressions(f"{words}{written}的东西")
    assert bounds(found) == {CHINESE_BEFORE[words]: pytest.approx(CHINESE_QUANTITIES[written][1])}
    assert found.end == len(f"{words}{written}的")


@pytest.mark.parametrize(("words", "written"), list(product(CHINESE_AFTER, CHINESE_QUANTITIES)))
def test_a_chinese_bound_behind_the_quantity_is_read(words, written):
    (found,) = range_expressions(f"东西 {written}{words}")
    assert bounds(found) == {CHINESE_AFTER[words]: pytest.approx(CHINESE_QUANTITIES[written][1])}


@pytest.mark.parametrize(
    "text",
    [
        "between 20 and 30 cm", "between 20 cm and 30 cm", "from 20 to 30 cm", "20-30 cm",
        "20 to 30cm", "20 cm to 30 cm", "200 mm to 30 cm", "20到30厘米", "20厘米至30厘米之间",
    ],
)  # fmt: skip
def test_two_numbers_are_both_ends(text):
    (found,) = range_expressions(text)
    assert bounds(found) == {"at_least": pytest.approx(200), "at_most": pytest.approx(300)}
    assert (found.start, found.end) == (0, len(text))


@pytest.mark.parametrize("text", ["about 2 kg", "around 2kg", "~2 kg", "2公斤左右", "大约2公斤"])
def test_about_takes_a_tenth_more_and_less(text):
    (found,) = range_expressions(text)
    assert bounds(found) == {"at_least": pytest.approx(1_800), "at_most": pytest.approx(2_200)}


@pytest.mark.parametrize(
    "text",
    ["2 kg", "16 gb ram", "5 x 10 cm", "under 500", "18v battery 4ah", "8-bit", "2公斤", "over",
     "30 to 20 cm", "2 kg to 5 cm"],
)  # fmt: skip
def test_a_quantity_without_a_bound_is_no_range(text):
    assert range_expressions(text) == ()


def test_several_ranges_are_read_in_order():
    found = range_expressions("laptop under 2 kg with at least 16 gb ram")
    assert [each.quantity.dimension for each in found] == ["mass", "data"]


@given(st.sampled_from(sorted(BEFORE)), st.sampled_from(sorted(QUANTITIES)))
def test_no_range_of_a_quantity_is_read_as_a_price(words, written):
    assert price_expressions(f"thing {words} {written}") == ()


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.sampled_from(["cm", "g", "ml", "w"]))
def test_the_lower_end_is_never_above_the_upper(one, other, unit):
    for found in range_expressions(f"between {one} and {other} {unit}"):
        assert found.at_least is None or found.at_most is None or found.at_least <= found.at_most


@given(st.text(alphabet="0123456789 .,-cmkgoverunderto至以下<>", max_size=40))
def test_any_text_is_read_without_overlaps(text):
    found = range_expressions(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= each.start < each.end <= len(text) for each in found)
