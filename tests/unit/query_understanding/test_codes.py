import pytest
from shop import CATALOGUE, NOTHING_KNOWN, document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.codes import CodeRewriter
from search_core import LegFactor, TextFilter


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("KX-470B", ("KX-470B", "KX470B")),
        ("kx470b", ("kx470b",)),
        ("006R90321", ("006R90321",)),
    ],
)
def test_a_query_that_is_a_code_prefers_exact_matches_and_weakens_meaning(text, phrases):
    plan = rewritten(CodeRewriter(), text)
    (boost,) = plan.boosts
    assert boost.filter == TextFilter(phrases=phrases)
    assert boost.weight == 4.0  # five times the score: above whatever is only alike
    assert plan.leg_factors == (LegFactor(leg="dense", factor=0.25),)
    assert plan.text == text
    assert text in plan.log[0].message


def test_beside_other_words_a_code_is_preferred_and_the_legs_keep_their_weights():
    plan = rewritten(CodeRewriter(), "toner for KX-470B")
    assert [boost.reason for boost in plan.boosts] == ["has the code KX-470B"]
    assert plan.leg_factors == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "headset",
        "128gb",
        "novaphone 12",
        "180x200",
        "12",
        "蓝牙耳机",
        "14-inch",
        "55inches",
        "18months",
        "0-3months",
        "6-9m",
        "1/2inch",
        "5litres",
    ],
)
def test_words_numbers_and_quantities_are_no_codes(text):
    plan = rewritten(CodeRewriter(), text)
    assert plan.boosts == ()
    assert plan.leg_factors == ()


def test_what_many_products_have_tells_none_apart():
    catalogue = KnownCatalogue(learn_lexicon([document(f"Memory DDR4 {n}") for n in range(20)]))
    assert rewritten(CodeRewriter(), "ddr4", catalogue).boosts == ()
    assert rewritten(CodeRewriter(), "ddr9", catalogue).boosts != ()


def test_a_word_of_the_shop_with_a_number_is_no_code():
    catalogue = KnownCatalogue(learn_lexicon([document(f"USB hub {n} ports") for n in range(20)]))
    assert rewritten(CodeRewriter(), "usb3", catalogue).boosts == ()
    assert rewritten(CodeRewriter(), "kx3000", catalogue).boosts != ()


def test_numbers_are_not_joined_into_another_number():
    (boost,) = rewritten(CodeRewriter(), "KX-12-34").boosts
    assert boost.filter == TextFilter(phrases=("KX-12-34",))


def test_nothing_is_preferred_where_nothing_is_known():
    assert rewritten(CodeRewriter(), "KX-470B", NOTHING_KNOWN).boosts == ()


def test_three_codes_are_read_and_the_rest_of_a_pasted_list_is_not():
    plan = rewritten(CodeRewriter(), "AB-100 AB-200 AB-300 AB-400", CATALOGUE)
    assert len(plan.boosts) == 3
