from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import document

from query_understanding import learn_lexicon
from query_understanding.lexicon.lexicon_codec import decode_lexicon, encode_lexicon
from query_understanding.lexicon.number_forms import NumberForms, plural_noun, singular_noun
from search_core import singular, unit_texts


def forms(*titles, brands=()):
    learner = NumberForms()
    counts = Counter()
    for title in titles:
        words = unit_texts(title)
        learner.observe(title, words)
        counts.update({singular(word) for word in words})
    return learner.found(counts, brands)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("book", "books"), ("watch", "watches"), ("box", "boxes"), ("battery", "batteries"),
        ("dress", "dresses"), ("key", "keys"), ("mouse", "mice"), ("shelf", "shelves"),
    ],
)  # fmt: skip
def test_a_noun_has_a_plural_and_a_singular(one, many):
    assert plural_noun(one) == many
    assert singular_noun(many) == one


def test_a_word_that_ends_in_one_s_is_left_alone():
    assert plural_noun("ups") == "ups"


def test_a_plural_that_no_title_has_leads_to_the_singular():
    assert forms("Colouring book", "Sticker book, A4")["books"] == "book"


def test_the_singular_leads_to_a_plural_that_titles_have():
    found = forms("Linen curtains", "Velvet curtains 140 cm")
    assert found == {"curtain": "curtains"}


def test_one_title_may_be_a_slip():
    assert "curtain" not in forms("Linen curtains", "Velvet curtain", "Curtain")
    assert forms("Colouring book") == {}


def test_a_word_that_others_follow_names_nothing():
    found = forms("Short sleeve shirt", "Short sleeve shirt", "Short boots", "Short hair wig")
    assert "shorts" not in found
    assert found["shirts"] == "shirt"


def test_a_word_before_with_and_for_ends_its_phrase():
    assert forms("Lamp with dimmer", "Lamp for desk")["lamps"] == "lamp"


def test_irregular_plurals_are_known():
    assert forms("Wireless mouse", "Travel mouse")["mice"] == "mouse"


def test_acronyms_and_brands_have_no_plural():
    assert forms("Graphics card GTX", "Fan GTX").keys().isdisjoint({"gtxes"})
    assert "boldexes" not in forms("Case by Boldex", "Sleeve by Boldex", brands={"boldex"})


def test_titles_in_capitals_are_read_as_well():
    assert forms("EXTENSION CORD", "POWER CORD")["cords"] == "cord"


def test_a_catalogue_in_another_language_has_no_english_plurals():
    german = [{**document("Brot"), "language": "de"}] * 3
    assert learn_lexicon(german).number_forms == {}


def test_what_was_learned_is_kept():
    lexicon = learn_lexicon([document("Sticker book")] * 3)
    assert lexicon.number_forms["books"] == "book"
    assert decode_lexicon(encode_lexicon(lexicon)).number_forms == lexicon.number_forms


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_titles_are_read_without_an_error(titles):
    found = forms(*titles)
    assert all(word != other for word, other in found.items())
