from dataclasses import replace

import pytest
from shop import CATALOGUE, NOTHING_KNOWN, document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.categories.product_kinds import (
    ProductKindRewriter,
    kind_shares,
    preferring,
)
from search_core import Boost, QueryPlan, TermFilter, TextFilter


def likeliest(text):
    shares = kind_shares(text, CATALOGUE.lexicon)
    best = max(shares, key=shares.__getitem__)
    return CATALOGUE.lexicon.kinds[best].name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Novaphone 12", "Smartphone"),
        ("novaphone", "Smartphone"),
        ("case for novaphone 12", "Phone case"),
        ("novaphone 12 case", "Phone case"),
        ("red phone cases", "Phone case"),
        ("leather case", "Phone case"),
        ("蓝牙耳机", "耳机"),
    ],
)
def test_the_main_product_is_meant_unless_the_accessory_is_named(text, kind):
    assert likeliest(text) == kind


def test_a_likely_kind_is_preferred_and_said():
    plan = rewritten(ProductKindRewriter(), "phone case")
    assert [boost.filter.values for boost in plan.boosts] == [("Phone case",)]
    assert plan.boosts[0].weight == pytest.approx(0.35 * 0.9, abs=1e-3)
    assert plan.log[0].message == "most likely about: Phone case (90%)"


@pytest.mark.parametrize("text", ["", "qwertz", "12", "something that nobody sells"])
def test_words_that_say_nothing_of_kinds_prefer_none(text):
    assert rewritten(ProductKindRewriter(), text).boosts == ()


def test_shares_never_add_up_to_more_than_one():
    for text in ("novaphone", "case", "red", "128 gb", "mouse pad"):
        assert sum(kind_shares(text, CATALOGUE.lexicon).values()) <= 1 + 1e-9


def test_nothing_is_preferred_where_nothing_is_known():
    assert rewritten(ProductKindRewriter(), "phone case", NOTHING_KNOWN).boosts == ()


def untyped_shop():
    """Printers and toners of which the catalogue does not say what they are."""
    printers = [document(f"Presko Laser P{n}", brand="Presko") for n in (2035, 2055)]
    toners = [document("Toner black", brand="Presko", has={"compatibility": "Laser P2035"})]
    return KnownCatalogue(learn_lexicon([*printers, *toners]))


@pytest.mark.parametrize("text", ["Laser P2035", "presko laser p2035"])
def test_what_says_that_it_fits_a_named_product_is_moved_down(text):
    plan = rewritten(ProductKindRewriter(), text, untyped_shop())
    (boost,) = plan.boosts
    assert boost.filter == TermFilter(field="compatibility", values=("Laser P2035",), exact=True)
    assert boost.weight == -0.35
    assert boost.reason == f"goes with {text[-11:]}"
    assert "is moved down" in plan.log[-1].message


@pytest.mark.parametrize("text", ["laser p2035 toner", "toner for laser p2035", "laser p2055", ""])
def test_nothing_is_moved_down_unless_a_name_is_all_that_was_typed(text):
    assert rewritten(ProductKindRewriter(), text, untyped_shop()).boosts == ()


def test_what_a_code_gives_to_all_that_mention_it_is_taken_into_account():
    code = Boost(filter=TextFilter(phrases=("p2035",)), weight=4.0, reason="has the code p2035")
    other = Boost(filter=TextFilter(phrases=("red",)), weight=2.0, reason="rule")
    plan = replace(QueryPlan.plain("laser p2035"), boosts=(code, other))
    rewritten_plan = ProductKindRewriter().rewrite(plan, untyped_shop())
    assert rewritten_plan.boosts[:2] == (code, other)
    assert rewritten_plan.boosts[2].weight == -0.35 * 5


def test_where_the_kind_is_sure_what_fits_keeps_its_place():
    plan = rewritten(ProductKindRewriter(), "novaphone 12")
    assert "novaphone 12" in CATALOGUE.lexicon.fitted
    assert [boost.reason for boost in plan.boosts] == ["is a Smartphone"]


def test_a_kind_in_a_script_that_was_not_typed_is_not_preferred():
    lexicon = learn_lexicon(
        [document(f"Novaphone {n} 手机", product_type="手机", price=600.0) for n in range(3)]
        + [document("Novaphone case", product_type="Phone case", price=20.0)]
    )
    typed_in_latin = kind_shares("novaphone", lexicon)
    assert [lexicon.kinds[place].name for place in typed_in_latin] == ["Phone case"]
    typed_in_chinese = kind_shares("novaphone手机", lexicon)
    assert [lexicon.kinds[place].name for place in typed_in_chinese] == ["手机"]


def clothes_shop(*more):
    clothes = [
        document(
            f"{colour} {thing} no {n}", product_type=thing, has={"colour": colour, "size": "M"}
        )
        for colour in ("Red", "Blue")
        for thing in ("Dress", "Wallet")
        for n in range(3)
    ]
    coats = [
        document(f"Dog coat size M red {n}", product_type="Dog supplies", has={"size": "M"})
        for n in range(3)
    ]
    return learn_lexicon([*clothes, *coats, *more])


@pytest.mark.parametrize("text", ["wallet size m", "blue wallet size m", "wallet size 12"])
def test_a_kind_named_before_its_properties_is_meant(text):
    length = document("Box 12", product_type="Box", has={"size": 12})
    box = document("Box 14", product_type="Box", has={"size": 14})
    lexicon = clothes_shop(length, box)
    shares = kind_shares(text, lexicon)
    assert [lexicon.kinds[place].name for place in shares] == ["Wallet"]
    assert sum(shares.values()) == pytest.approx(0.9)


@pytest.mark.parametrize("text", ["wallet 1 kg", "wallet 15.6 inch"])
def test_a_kind_before_a_quantity_is_meant(text):
    lexicon = clothes_shop()
    assert [lexicon.kinds[place].name for place in kind_shares(text, lexicon)] == ["Wallet"]


def test_the_attribute_before_its_value_is_known_however_its_name_is_written():
    small = [document(f"Wallet {n}", product_type="Wallet", has={"Size": "S"}) for n in range(9)]
    mats = [document(f"S mat {n}", product_type="Mat") for n in range(9)]
    lexicon = clothes_shop(*small, *mats)
    assert [lexicon.kinds[place].name for place in kind_shares("wallet size s", lexicon)] == [
        "Wallet"
    ]


def test_a_kind_before_what_is_seldom_a_value_is_not_meant():
    bags = [document(f"Rucksack bag {n}", product_type="Rucksack") for n in range(9)]
    packed = document("Socks", product_type="Socks", has={"form": "Bag"})
    assert kind_shares("wallet bag blue", clothes_shop(*bags, packed)) == {}


def test_a_kind_whose_name_mostly_stands_on_products_without_one_is_not_meant():
    untyped = [document(f"Leather wallet {n}") for n in range(40)]
    assert kind_shares("wallet size m", clothes_shop(*untyped)) == {}


@pytest.mark.parametrize("text", ["wallet stand red", "手机防摔 m", "m wallet stand"])
def test_a_kind_before_other_words_is_not_meant(text):
    phones = [document("手机", product_type="手机", language="zh")] * 2
    assert kind_shares(text, clothes_shop(*phones)) == {}


def shop_in_two_scripts():
    cases = [document(f"Case for Novaphone {n}", product_type="Phone case") for n in range(3)]
    shells = [document(f"Novaphone {n} 磁吸壳", product_type="手机壳") for n in range(3)]
    lexicon = learn_lexicon([*cases, *shells])
    places = {kind.name: place for place, kind in enumerate(lexicon.kinds)}
    pair = (places["手机壳"], places["Phone case"])
    return KnownCatalogue(replace(lexicon, counterparts=(pair,)))


def test_a_text_in_two_scripts_prefers_a_kind_and_its_counterpart_alike():
    plan = rewritten(ProductKindRewriter(), "novaphone 磁吸壳", shop_in_two_scripts())
    (boost,) = plan.boosts
    assert boost.filter == TermFilter(field="product_type", values=("手机壳", "Phone case"))
    assert boost.reason == "is a 手机壳 or Phone case"
    assert boost.weight == 0.35
    assert plan.log[0].message == "most likely about: 手机壳 or Phone case (100%)"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("磁吸壳", "手机壳"), ("手机壳 12", "手机壳"), ("novaphone case", "Phone case")],
)
def test_a_text_in_one_script_prefers_the_kind_alone(text, kind):
    plan = rewritten(ProductKindRewriter(), text, shop_in_two_scripts())
    assert [boost.filter.values for boost in plan.boosts] == [(kind,)]


def test_two_likely_kinds_that_are_the_same_thing_are_one_preference():
    catalogue = shop_in_two_scripts()
    ((shell, case),) = catalogue.lexicon.counterparts
    plan = QueryPlan.plain("novaphone 壳")
    plan = preferring(plan, {shell: 0.3, case: 0.5}, "categories", catalogue)
    (boost,) = plan.boosts
    assert boost.filter.values == ("Phone case", "手机壳")
    assert boost.weight == pytest.approx(0.35 * 0.8, abs=1e-3)


@pytest.mark.parametrize("text", ["wallet \u3099", "wallet \u3099 kg", "wallet size \u3099"])
def test_a_voicing_mark_without_a_character_breaks_nothing(text):
    # A unit of its own, of which nothing is left when it is folded.
    assert sum(kind_shares(text, clothes_shop()).values()) <= 1


def drinks_shop():
    milks = [
        document(f"{fat} milk {n}", product_type="Milk")
        for fat in ("Whole", "Skimmed")
        for n in range(3)
    ]
    drinks = [document(f"Oat drink {n}", product_type="Oat drink") for n in range(4)]
    bars = [document(f"Whole oat bar {n}", product_type="Bar") for n in range(2)]
    mixed = [
        document(f"Organic {kind} {n}", product_type=kind)
        for kind in ("Tea", "Bread", "Rice")
        for n in range(2)
    ]
    corn = [document(f"Corn no added sugar {n}", product_type="Corn", price=2.0) for n in range(3)]
    juices = [
        document(f"{fruit} juice {n}", product_type=f"{fruit} juice", price=2.0)
        for fruit in ("Orange", "Apple")
        for n in range(3)
    ]
    return KnownCatalogue(learn_lexicon([*milks, *drinks, *bars, *mixed, *corn, *juices]))


def drinks_shares(text):
    lexicon = drinks_shop().lexicon
    return {lexicon.kinds[place].name: each for place, each in kind_shares(text, lexicon).items()}


def test_a_name_after_another_kinds_word_has_half_a_say():
    assert drinks_shares("oat milk") == {"Milk": pytest.approx(0.45)}


@pytest.mark.parametrize("text", ["organic milk", "qwertz milk", "12 milk", "milk"])
def test_a_name_after_a_word_of_many_kinds_or_of_none_has_its_full_say(text):
    assert drinks_shares(text) == {"Milk": pytest.approx(0.9)}


def test_a_kind_that_is_denied_before_the_thing_is_not_meant():
    assert drinks_shares("no added sugar juice").keys() == {"Orange juice", "Apple juice"}


def test_a_name_after_an_english_word_of_its_counterpart_has_its_full_say():
    banks = [document(f"Power bank {n} mah", product_type="Power bank") for n in range(3)]
    chargers = [document(f"充电宝 {n}", product_type="充电宝") for n in range(3)]
    lexicon = learn_lexicon([*banks, *chargers])
    shares = kind_shares("20000 mah 充电宝", lexicon)
    assert {lexicon.kinds[place].name: each for place, each in shares.items()} == {
        "充电宝": pytest.approx(0.9)
    }
