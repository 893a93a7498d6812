import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import CATALOGUE, NOTHING_KNOWN, rewritten

from query_understanding.spelling import SpellingRewriter


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


def test_pinyin_is_read_as_the_word_that_it_spells():
    assert rewritten(SpellingRewriter(), "erji").text == "耳机"


def test_what_may_be_a_name_is_searched_as_typed_and_as_suggested():
    plan = rewritten(SpellingRewriter(), "moute pad")  # one edit, but of a short word
    assert plan.text == "moute pad"
    assert plan.suggestion == "mouse pad"
    assert plan.variants == ("mouse pad",)
    assert "did you mean 'mouse pad'?" in plan.log[0].message


def test_nothing_is_corrected_where_nothing_is_known():
    assert rewritten(SpellingRewriter(), "hedset", NOTHING_KNOWN).text == "hedset"


@given(st.sampled_from(sorted(CATALOGUE.lexicon.words)))
def test_a_word_of_the_catalogue_stays_as_it_is(word):
    assert rewritten(SpellingRewriter(), word).text == word
