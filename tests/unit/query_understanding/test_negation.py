import pytest
from shop import document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.negation import NegationRewriter
from search_core import TermFilter, TextFilter


@pytest.mark.parametrize(
    ("text", "rest", "unwanted"),
    [
        ("phone case without leather", "phone case", "leather"),
        ("headset not wireless", "headset", "wireless"),
        ("case no leather red", "case red", "leather"),
        ("不带磁吸的手机壳", "手机壳", "磁吸"),
        ("手机壳 不要塑料", "手机壳", "塑料"),
    ],
)
def test_what_is_not_wanted_leaves_the_text_and_moves_products_down(text, rest, unwanted):
    plan = rewritten(NegationRewriter(), text)
    assert plan.text == rest
    down = [each.filter for each in plan.boosts if each.weight < 0]
    assert TextFilter(phrases=(unwanted,)) in down


def test_each_of_several_unwanted_things_is_read():
    plan = rewritten(NegationRewriter(), "case without leather or silicone")
    assert plan.text == "case"
    down = [each.filter for each in plan.boosts if each.weight < 0]
    assert TextFilter(phrases=("leather",)) in down
    assert TextFilter(phrases=("silicone",)) in down


def test_a_value_and_a_yes_no_attribute_of_the_name_count_too():
    leather = rewritten(NegationRewriter(), "case without leather")
    assert TermFilter(field="material", values=("Leather",)) in [b.filter for b in leather.boosts]
    magnet = rewritten(NegationRewriter(), "case without magnet")
    assert TermFilter(field="magnetic", values=("true",)) in [b.filter for b in magnet.boosts]


@pytest.mark.parametrize(
    "text",
    [
        "headset no 3",
        "non slip mat",
        "无线鼠标",
        "the wifi does not reach",
        "without",
        "no",
        "不要",
        "",
    ],
)
def test_other_uses_of_the_words_stay(text):
    plan = rewritten(NegationRewriter(), text)
    assert plan.text == text
    assert plan.boosts == ()


def test_two_chinese_negations_need_no_space_between_them():
    plan = rewritten(NegationRewriter(), "不含酒精不含香精的爽肤水")
    assert plan.text == "爽肤水"
    assert {"has 酒精", "has 香精"} <= {each.reason for each in plan.boosts}


def test_what_is_free_of_something_has_no_opposite():
    shop = KnownCatalogue(
        learn_lexicon([document("Pasta", has={"diet": "gluten free"}) for _ in range(3)])
    )
    plan = rewritten(NegationRewriter(), "pasta not gluten free", shop)
    assert [each.reason for each in plan.boosts if each.weight > 0] == []
