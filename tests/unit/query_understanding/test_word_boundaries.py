import pytest
from shop import CATALOGUE, document

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.lexicon.product_words import units
from query_understanding.spelling.word_boundaries import respaced

ENGLISH = frozenset({"lap", "top", "mats", "mouse", "pad", "wireless", "for", "case", "red"})
LAPTOPS = KnownCatalogue(
    learn_lexicon(
        [document(f"Laptop {n}") for n in range(9)]
        + [document("Red lap blanket")]
        + [document(f"Power bank {n}") for n in range(4)]
    )
)


def found(text, catalogue=CATALOGUE):
    spaces = respaced(text, units(text), catalogue, ENGLISH)
    return [(text[each.start : each.end], each.becomes, each.sure) for each in spaces]


def test_a_word_torn_into_what_is_no_word_is_joined():
    assert found("head zet") == []
    assert found("hea dset") == [("hea dset", "headset", True)]


def test_two_words_that_no_title_has_together_are_joined_when_one_of_them_is_rare_there():
    assert found("lap top", LAPTOPS) == [("lap top", "laptop", True)]


def test_words_that_titles_have_side_by_side_stay_apart():
    assert found("mouse pad") == []
    assert found("power bank", LAPTOPS) == []


@pytest.mark.parametrize("text", ["mousepad", "wirelessmouse"])
def test_words_run_together_are_taken_apart_by_what_titles_have_together(text):
    ((was, becomes, sure),) = found(text)
    assert was == text
    assert becomes.replace(" ", "") == text
    assert " " in becomes
    assert sure


def test_short_words_that_titles_have_apart_only_are_searched_beside_what_was_typed():
    assert found("redcase") == [("redcase", "red case", False)]


def test_a_model_number_without_its_space_is_searched_both_ways():
    assert found("novaphone12") == [("novaphone12", "novaphone 12", False)]


def test_a_misspelt_word_is_no_two_words():
    assert found("headsett") == []


def test_what_is_between_the_words_counts():
    assert found("hea-dset") == []


def mats(*more):
    titles = [f"Doormat {n}" for n in range(9)] + ["Glass door", "Door stop", "Bath mat", *more]
    return KnownCatalogue(learn_lexicon([document(title) for title in titles]))


@pytest.mark.parametrize("text", ["door mat", "door mats"])
def test_two_words_of_other_titles_are_searched_as_the_one_that_titles_have_as_well(text):
    assert found(text, mats("Yoga mat", "Play mat")) == [(text, "doormat", False)]


def test_two_words_stay_apart_where_titles_have_them_side_by_side_or_the_one_hardly_oftener():
    assert found("door mat", mats("Yoga mat", "Play mat", "Front door mat")) == []
    assert (
        found(
            "door mat", mats(*(f"Yoga mat {n}" for n in range(5)), *(f"Door {n}" for n in range(5)))
        )
        == []
    )
