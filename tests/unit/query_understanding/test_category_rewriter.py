import pytest
from shop import CATALOGUE, NOTHING_KNOWN, document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.categories.category_rewriter import CategoryRewriter


def test_categories_are_told_likeliest_first():
    plan = rewritten(CategoryRewriter(), "novaphone case")
    shares = [each.share for each in plan.categories]
    assert shares == sorted(shares, reverse=True)
    assert plan.categories[0].name == "Phone case"
    assert plan.category == "Phone case"
    assert plan.categories[0].field == "product_type"


def test_where_a_kind_is_named_the_boosts_are_left_to_product_kinds():
    assert rewritten(CategoryRewriter(), "phone case").boosts == ()


def test_where_no_kind_is_named_a_sure_category_is_preferred():
    # `xylophone` is in no title, so that product_kinds has nothing to go by.
    plan = rewritten(CategoryRewriter(), "red leather silicone xylophone")
    assert [boost.filter.values for boost in plan.boosts] == [("Phone case",)]
    assert plan.log[0].rewriter == "categories"


def test_an_unsure_category_is_told_but_not_preferred():
    plan = rewritten(CategoryRewriter(), "leather xylophone marimba glockenspiel")
    assert plan.categories
    assert plan.category is None
    assert plan.boosts == ()


def test_what_products_are_like_is_about_no_kind():
    assert "leather" in CATALOGUE.lexicon.values
    assert rewritten(CategoryRewriter(), "leather").boosts == ()


@pytest.mark.parametrize("text", ["", "qwertz", "12 34"])
def test_nothing_is_told_of_words_that_say_nothing(text):
    plan = rewritten(CategoryRewriter(), text)
    assert (plan.category, plan.boosts) == (None, ())


def test_nothing_is_told_where_nothing_is_known():
    assert rewritten(CategoryRewriter(), "phone case", NOTHING_KNOWN).categories == ()


def test_kinds_in_a_script_that_was_not_typed_leave_their_weight_to_the_others():
    phones = [document(f"Kelva Nova {n} phone", product_type="Smartphone") for n in range(4)]
    phones += [document(f"Kelva Nova {n} 手机", product_type="智能手机") for n in range(4)]
    others = [document(f"Wick torch {n}", product_type="Torch") for n in range(4)]
    shop = KnownCatalogue(learn_lexicon([*phones, *others]))
    plan = rewritten(CategoryRewriter(), "kelva nova xylophone", shop)
    assert {each.name for each in plan.categories} == {"Smartphone", "智能手机"}
    (boost,) = plan.boosts
    assert boost.filter.values == ("Smartphone",)
    # Two of three words are known: the weight is two thirds of a sure kind's, and not one third.
    assert boost.weight == pytest.approx(0.35 * 2 / 3, abs=0.03)
