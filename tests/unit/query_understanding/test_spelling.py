import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import CATALOGUE, NOTHING_KNOWN, document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.spelling.spelling import MOST_READ, SpellingRewriter
from query_understanding.spelling.word_likelihood import Context, readings


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hedset", "headset"),
        ("wirless mouse", "wireless mouse"),
        ("leahter case", "leather case"),
        ("novafone 12", "novaphone 12"),
        ("siliccone", "silicone"),
    ],
)
def test_a_misspelt_word_is_corrected_and_the_original_kept(typed, meant):
    plan = rewritten(SpellingRewriter(), typed)
    assert plan.text == meant
    assert plan.original_text == typed


@pytest.mark.parametrize("text", ["Hidewell", "KX-470B", "nv12x", "couch", "mouses", "pad", "xyz"])
def test_brands_codes_and_known_words_are_never_touched(text):
    plan = rewritten(SpellingRewriter(), text)
    assert plan.text == text
    assert plan.suggestion is None


def test_characters_of_the_same_sound_are_corrected_when_the_other_is_right():
    assert rewritten(SpellingRewriter(), "蓝芽耳机").text == "蓝牙耳机"
    assert rewritten(SpellingRewriter(), "懒芽").text == "懒芽"


def chinese(*titles):
    return KnownCatalogue(learn_lexicon([document(title) for title in titles]))


def test_a_character_that_would_not_fit_its_other_neighbour_was_meant():
    catalogue = chinese("家用长桌", "4人用餐桌")
    assert rewritten(SpellingRewriter(), "4人用帐篷", catalogue).text == "4人用帐篷"


def test_a_word_of_the_language_is_right_where_the_catalogue_has_its_sound():
    assert rewritten(SpellingRewriter(), "毛衣", chinese("羊毛一体垫", "毛一")).text == "毛衣"
    assert rewritten(SpellingRewriter(), "毛坦", chinese("羊毛毯")).text == "毛毯"


@pytest.mark.parametrize(
    ("typed", "meant"), [("开方式宠物窝", "开放式宠物窝"), ("首级壳", "手机壳")]
)
def test_a_word_of_the_language_is_a_slip_where_the_catalogue_has_all_with_another(typed, meant):
    catalogue = chinese("开放式宠物窝", "手机壳")
    assert rewritten(SpellingRewriter(), typed, catalogue).text == meant


def test_a_word_of_the_language_by_itself_is_searched_both_ways():
    plan = rewritten(SpellingRewriter(), "首级", chinese("手机", "手机壳"))
    assert (plan.text, plan.suggestion) == ("首级", "手机")
    assert rewritten(SpellingRewriter(), "首级", chinese("手机壳")).suggestion is None


def test_nobody_is_asked_about_the_spaces_of_a_code():
    plan = rewritten(SpellingRewriter(), "novaphone12 case")
    assert plan.suggestion is None
    assert plan.variants == ("novaphone 12 case",)


def test_two_characters_that_are_no_word_are_a_name_of_their_own():
    plan = rewritten(SpellingRewriter(), "冬被", chinese("东北大米", "东北木耳"))
    assert (plan.text, plan.suggestion) == ("冬被", None)


def test_a_character_within_words_that_the_catalogue_lacks_is_searched_both_ways():
    plan = rewritten(SpellingRewriter(), "卫生保文杯", chinese("保温杯", "大保温杯"))
    assert plan.text == "卫生保文杯"
    assert plan.suggestion == "卫生保温杯"


def test_pinyin_is_read_as_the_word_that_it_spells():
    assert rewritten(SpellingRewriter(), "erji").text == "耳机"
    assert rewritten(SpellingRewriter(), "蓝牙 erji").text == "蓝牙耳机"
    assert rewritten(SpellingRewriter(), "Nova erji 降噪").text == "Nova 耳机降噪"


def test_pinyin_goes_before_a_word_that_is_only_near():
    catalogue = KnownCatalogue(learn_lexicon([document("蓝牙耳机")] * 3))
    (near, *_) = readings("lanya", 2, Context(), catalogue)
    assert near.edits == 1  # an English word
    assert rewritten(SpellingRewriter(), "lanya", catalogue).text == "蓝牙"


def test_what_may_be_a_name_is_searched_as_typed_and_as_suggested():
    plan = rewritten(SpellingRewriter(), "mobte")  # two letters of five are others
    assert plan.text == "mobte"
    assert plan.suggestion == "mouse"
    assert plan.variants == ("mouse",)
    assert "did you mean 'mouse'?" in plan.log[0].message


def test_of_two_words_that_may_be_meant_both_are_searched():
    catalogue = KnownCatalogue(
        learn_lexicon([document(f"Lamp {n}") for n in range(3)] + [document("Lamb")] * 3)
    )
    plan = rewritten(SpellingRewriter(frozenset), "lamx", catalogue)
    assert plan.text == "lamx"
    assert set(plan.variants) == {"lamp", "lamb"}
    assert plan.suggestion == plan.variants[0]


def test_the_vector_search_takes_the_suggestion_of_a_word_that_no_product_has():
    assert rewritten(SpellingRewriter(), "mobte").dense_text == "mouse"
    assert rewritten(SpellingRewriter(), "hedset").dense_text is None  # the text is corrected
    assert rewritten(SpellingRewriter(), "headset").dense_text is None


def test_a_short_word_is_corrected_when_titles_have_the_correction_with_the_other_words():
    assert rewritten(SpellingRewriter(), "mpuxe").text == "mpuxe"
    assert rewritten(SpellingRewriter(), "mpuxe pad").text == "mouse pad"


def test_a_word_of_the_language_that_the_catalogue_lacks_is_never_replaced():
    plan = rewritten(SpellingRewriter(), "moose pad")
    assert plan.text == "moose pad"
    assert plan.suggestion == "mouse pad"
    assert plan.dense_text is None  # a model knows what a moose is


def test_what_is_near_nothing_is_a_name():
    plan = rewritten(SpellingRewriter(), "zkraqo")
    assert plan.text == "zkraqo"
    assert plan.suggestion is None


@pytest.mark.parametrize("typed", ["mse pad", "mosu pad", "omus pad"])
def test_two_errors_that_leave_three_or_four_letters_are_read_by_the_other_words(typed):
    plan = rewritten(SpellingRewriter(), typed)
    assert "mouse pad" in (plan.text, plan.suggestion)


def test_a_word_of_catalogue_and_language_that_makes_no_sense_there_is_searched_both_ways():
    titles = ["Leather case"] * 400 + ["Lather brush", "Lather bowl"]
    catalogue = KnownCatalogue(learn_lexicon(document(title) for title in titles))
    plan = rewritten(SpellingRewriter(), "lather case", catalogue)
    assert plan.text == "lather case"
    assert plan.variants == ("leather case",)
    assert plan.dense_text is None  # a model knows what lather is
    assert rewritten(SpellingRewriter(), "lather brush", catalogue).variants == ()


def test_a_slip_that_a_title_has_is_searched_as_what_it_stands_for_as_well():
    titles = ["Wireless mouse"] * 2_000 + ["Wirelss keyboard"]
    catalogue = KnownCatalogue(learn_lexicon(document(title) for title in titles))
    plan = rewritten(SpellingRewriter(), "wirelss mouse", catalogue)
    assert plan.text == "wirelss mouse"  # a product has it
    assert plan.variants == ("wireless mouse",)
    assert plan.dense_text == "wireless mouse"


def test_a_rare_brand_is_no_slip_for_a_frequent_word():
    products = [document("Wireless mouse") for _ in range(2_000)]
    products.append(document("Wirelex keyboard", brand="Wirelex"))
    plan = rewritten(SpellingRewriter(), "wirelex", KnownCatalogue(learn_lexicon(products)))
    assert plan.variants == ()


def test_a_word_that_the_catalogue_lacks_is_corrected_for_the_vector_search_alone():
    plan = rewritten(SpellingRewriter(), "flashlihgt")
    assert plan.text == "flashlihgt"  # it may be a name: nothing that is sold says otherwise
    assert plan.dense_text == "flashlight"


def test_each_of_two_errors_is_judged_beside_what_the_other_was_meant_to_be():
    plan = rewritten(SpellingRewriter(), "wirlss muose")
    assert plan.dense_text == "wireless mouse" or plan.text == "wireless mouse"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("head set", "headset"), ("hea dset", "headset"), ("mousepad", "mouse pad")],
)
def test_spaces_are_put_right(typed, meant):
    plan = rewritten(SpellingRewriter(), typed)
    assert meant in (plan.text, *plan.variants)


def test_of_a_long_text_only_the_first_words_are_checked():
    filler = " ".join(["headset"] * MOST_READ)
    plan = rewritten(SpellingRewriter(), f"{filler} hedset")
    assert plan.text.endswith(" hedset")
    assert plan.log[0].message == f"only the first {MOST_READ} words are checked"
    assert rewritten(SpellingRewriter(), f"hedset {filler}").text == f"headset {filler}"
    chinese_filler = "耳机" * (MOST_READ // 2)
    assert rewritten(SpellingRewriter(), f"{chinese_filler}蓝芽").text.endswith("蓝芽")


def test_nothing_is_corrected_where_nothing_is_known():
    assert rewritten(SpellingRewriter(), "hedset", NOTHING_KNOWN).text == "hedset"


@given(st.sampled_from(sorted(CATALOGUE.lexicon.words)))
def test_a_word_of_the_catalogue_stays_as_it_is(word):
    assert rewritten(SpellingRewriter(), word).text == word
