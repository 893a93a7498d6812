import pytest
from shop import document, rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.lexicon.product_words import units
from query_understanding.spelling.general_words import english_words
from query_understanding.spelling.other_spellings import other_spelling
from query_understanding.spelling.spelling import SpellingRewriter

TITLES = (
    "Greek yoghurt", "Camomile tea", "Grey cushion", "Colour pencils", "Steel centre punch",
    "Cable organiser", "Labelled jar", "Chase lamp", "Flour",
)  # fmt: skip


def shop(language="en"):
    found = [{**document(f"{title} {n}"), "language": language} for title in TITLES for n in (1, 2)]
    return KnownCatalogue(learn_lexicon(found))


SHOP = shop()


def spelt(word, catalogue=SHOP):
    (unit,) = units(word)
    return other_spelling(unit, english_words(), catalogue)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("yogurt", "yoghurt"), ("yogurts", "yoghurt"), ("chamomile", "camomile"),
        ("gray", "grey"), ("color", "colour"), ("center", "centre"), ("organizer", "organiser"),
    ],
)  # fmt: skip
def test_a_word_is_known_by_the_spelling_that_titles_have(typed, titles):
    assert spelt(typed) == titles


@pytest.mark.parametrize("typed", ["yoghurt", "case", "floor", "gravy", "xyzzy", "tea"])
def test_another_word_or_one_that_titles_have_has_no_other_spelling(typed):
    assert spelt(typed) is None


def test_only_catalogues_in_english_have_two_spellings():
    assert spelt("yogurt", shop("de")) is None


def test_the_other_spelling_is_searched_beside_what_was_typed_and_says_the_kind():
    plan = rewritten(SpellingRewriter(), "greek yogurt", SHOP)
    assert plan.text == "greek yogurt"
    assert plan.variants == ("greek yoghurt",)
    assert plan.suggestion == plan.dense_text == "greek yoghurt"
