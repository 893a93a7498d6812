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
    # ln 10 for words being right mostly, and the edit, have to be outweighed: e^6.8 = 900.
    assert share_against_typed(prior=0.0, cost=4.5, typed_prior=-6.8) == pytest.approx(0.5)
    assert share_against_typed(prior=0.0, cost=4.5, typed_prior=-9.8) == pytest.approx(
        0.9526, abs=1e-3
    )
    assert share_against_typed(prior=0.0, cost=4.5, typed_prior=0.0) < 0.01


def test_a_name_of_a_kind_of_product_is_likelier_than_a_word_of_as_many_titles():
    catalogue = KnownCatalogue(
        learn_lexicon(
            [document("Zorb lamp", product_type="Lamp"), document("Zorb lamb", product_type="Toy")]
        )
    )
    assert catalogue.kind_share("lamps") == pytest.approx(1 / 2)
    assert catalogue.kind_share("lamb") == 0
    assert readings("lamx", 1, Context(), catalogue)[0].word == "lamp"


def test_the_longer_a_word_the_less_likely_it_is_a_name_that_is_near_another_by_chance():
    catalogue = shop("Lamp", "Refrigerator")
    short = readings("latp", 1, Context(), catalogue)[0]
    long = readings("refritperator", 2, Context(), catalogue)[0]
    assert (short.word, long.word) == ("lamp", "refrigerator")
    assert long.cost > short.cost
    assert long.misspelt > short.misspelt


def test_the_context_is_the_other_words_with_those_beside():
    assert context_of(["red", "lether", "case"], 1) == Context(
        others=("red", "case"), before="red", after="case"
    )
    assert context_of(["lamp"], 0) == Context()
