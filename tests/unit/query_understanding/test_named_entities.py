import pytest
from shop import CATALOGUE, NOTHING_KNOWN, document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.named_entities import NamedEntityRewriter


def named(text, catalogue=CATALOGUE):
    plan = rewritten(NamedEntityRewriter(), text, catalogue)
    return [(each.words, each.field, each.value) for each in plan.entities]


def test_brands_values_and_kinds_are_named_as_products_are_filtered_by_them():
    assert named("Hidewell red Leather phone cases") == [
        ("Hidewell", "brand", "Hidewell"),
        ("red", "colour", "Red"),
        ("Leather", "material", "Leather"),
        ("phone cases", "product_type", "Phone case"),
    ]


def test_what_a_case_is_for_is_named_by_the_attribute_that_says_so():
    assert named("case for novaphone 12") == [("novaphone 12", "compatible_with", "Novaphone 12")]


def test_chinese_text_is_read_as_well():
    towels = [
        document("纯棉毛巾", product_type="毛巾", has={"颜色": colour}, language="zh")
        for colour in ("奶白色", "奶白色", "黑色")
    ]
    catalogue = KnownCatalogue(learn_lexicon(towels))
    assert named("奶白色毛巾", catalogue) == [
        ("奶白色", "颜色", "奶白色"), ("毛巾", "product_type", "毛巾"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["xyzzy", "", "a", "title:*"])
def test_what_the_catalogue_does_not_name_is_left(text):
    assert named(text) == []


def test_nothing_that_is_searched_changes():
    plan = rewritten(NamedEntityRewriter(), "hidewell red case")
    assert (plan.text, plan.boosts, plan.filters, plan.log) == ("hidewell red case", (), (), ())


def test_nothing_is_named_without_a_catalogue():
    assert named("hidewell red case", NOTHING_KNOWN) == []
