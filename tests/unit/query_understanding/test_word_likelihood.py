import pytest
from shop import CATALOGUE, document

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.spelling.word_likelihood import (
    Context,
    context_of,
    readings,
    share_against_typed,
)


def shop(*titles, language="en"):
    return KnownCatalogue(learn_lexicon([document(title, language=language) for title in titles]))


def test_of_two_words_as_near_the_one_that_more_titles_have_is_likelier():
    catalogue = shop(*["Lamp"] * 6, "Lamb", "Lamb")
    assert [each.word for each in readings("lamx", 1, Context(), catalogue)] == ["lamp", "lamb"]


def test_what_titles_have_beside_the_other_word_outweighs_what_is_frequent():
    catalogue = shop(*["Cable"] * 60, *["Magnetic case"] * 2, *["Red case"] * 2)
    alone = readings("cade", 2, Context(), catalogue)[0]
    beside = readings("cade", 2, context_of(["magnetic", "cade"], 1), catalogue)[0]
    assert alone.word == "case"  # one edit against two
    assert beside.word == "case"
    assert beside.share > alone.share


def test_shares_of_all_readings_add_up_to_one():
    found = readings("novafone", 2, Context(), CATALOGUE)
    assert sum(each.share for each in found) == pytest.approx(1.0)
    assert [each.share for each in found] == sorted((each.share for each in found), reverse=True)


def test_a_word_of_the_language_that_the_catalogue_lacks_may_be_meant():
    assert readings("flashlihgt", 2, Context(), CATALOGUE)[0].word == "flashlight"


def test_in_another_language_only_the_catalogue_has_words():
    assert readings("flashlihgt", 2, Context(), shop("Lampe", "Tasche", language="de")) == ()


def test_the_word_that_was_typed_is_no_reading_of_itself():
    assert "mouse" not in [each.word for each in readings("mouse", 1, Context(), CATALOGUE)]


def test_a_known_word_stands_until_another_is_much_likelier():
    # ln 10 for words being right mostly, and 4.5 for one edit, have to be outweighed: e^6.8 = 900.
    assert share_against_typed(prior=0.0, cost=1.0, typed_prior=-6.8) == pytest.approx(0.5)
    assert share_against_typed(prior=0.0, cost=1.0, typed_prior=-9.8) == pytest.approx(
        0.9526, abs=1e-3
    )
    assert share_against_typed(prior=0.0, cost=1.0, typed_prior=0.0) < 0.01


def test_the_context_is_the_other_words_with_those_beside():
    assert context_of(["red", "lether", "case"], 1) == Context(
        others=("red", "case"), before="red", after="case"
    )
    assert context_of(["lamp"], 0) == Context()
