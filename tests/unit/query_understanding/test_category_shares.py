from dataclasses import replace

import pytest
from shop import CATALOGUE, NOTHING_KNOWN, document

from query_understanding import category_shares, learn_lexicon, likely_category
from query_understanding.categories.category_shares import known_words

LEXICON = CATALOGUE.lexicon


def named(text, lexicon=LEXICON):
    return {
        lexicon.kinds[place].name: share for place, share in category_shares(text, lexicon).items()
    }


def likeliest(text, lexicon=LEXICON):
    shares = named(text, lexicon)
    return max(shares, key=shares.__getitem__)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("leather silicone", "Phone case"),
        ("red leather", "Phone case"),
        ("headset no 3", "Headset"),
        ("portable ssd", "Drive"),
        ("降噪蓝牙", "耳机"),
    ],
)
def test_words_of_titles_tell_the_kind(text, kind):
    assert likeliest(text) == kind


def test_shares_never_add_up_to_more_than_one():
    for text in ("novaphone", "red leather case", "128 gb", "mouse pad", "蓝牙"):
        assert sum(named(text).values()) <= 1 + 1e-9


def test_words_that_no_title_has_lower_every_share():
    sure, unsure = named("leather case"), named("leather case grandmother xylophone")
    assert unsure["Phone case"] == pytest.approx(sure["Phone case"] / 2, rel=0.05)


def test_nothing_is_told_where_nothing_is_known():
    assert named("xylophone") == {}
    assert named("") == {}
    assert category_shares("case", NOTHING_KNOWN.lexicon) == {}


def test_products_without_a_kind_take_their_share():
    half_known = learn_lexicon(
        [document(f"Garden chair {n}", product_type="Chair") for n in range(10)]
        + [document(f"Garden chair {n}") for n in range(10)]
    )
    assert 0.3 < named("garden chair", half_known)["Chair"] < 0.7


def test_two_characters_side_by_side_are_one_word():
    lexicon = learn_lexicon(
        [document(f"手机壳 {n}", product_type="手机壳", language="zh") for n in range(6)]
        + [document(f"手套 机器 壳 {n}", product_type="杂货", language="zh") for n in range(30)]
    )
    assert likeliest("手机", lexicon) == "手机壳"


def test_an_unknown_compound_is_read_by_its_end_when_both_parts_are_known():
    lexicon = learn_lexicon(
        [document(f"Handtasche {n}", product_type="Handtasche", language="de") for n in range(4)]
        + [document(f"Leder Guertel {n}", product_type="Guertel", language="de") for n in range(4)]
    )
    assert known_words(["lederhandtasche"], lexicon) == ["handtasche"]
    assert known_words(["xqhandtasche"], lexicon) == []


def test_a_temperature_makes_shares_more_alike():
    cold = replace(LEXICON.category_calibration, temperature=1.0)
    warm = replace(LEXICON.category_calibration, temperature=3.0)
    text = "novaphone red"
    assert max(category_shares(text, LEXICON, warm).values()) < max(
        category_shares(text, LEXICON, cold).values()
    )


SHOES = learn_lexicon(
    [
        document(f"Trail shoe {n}", product_type=kind, category=["Shoes", f"Shoes > {kind}"])
        for n in range(5)
        for kind in ("Running shoe", "Hiking shoe")
    ]
    + [document(f"Desk lamp {n}", product_type="Lamp", category=["Home"]) for n in range(5)]
)


def test_kinds_of_one_category_add_up():
    shares = category_shares("trail shoe", SHOES)
    assert max(shares.values()) < 0.6
    assert likely_category(shares, SHOES, 0.7) == "Shoes"


def test_the_narrowest_category_that_is_likely_enough_is_named():
    assert likely_category(category_shares("desk lamp", SHOES), SHOES, 0.5) == "Lamp"


def test_no_category_is_named_where_none_is_likely_enough():
    assert likely_category({}, SHOES, 0.5) is None
    assert likely_category({0: 0.2}, SHOES, 0.5) is None
