import re
from random import Random

import pytest
from shop import products

from query_understanding import Intent, example_rounds, phrase_books
from query_understanding.intents.intent_phrases import CATALOGUE_SLOTS, filled, literal_parts

BOOKS = phrase_books()
ROUNDS = list(example_rounds(products(), BOOKS, rounds=3, examples=300, seed=5))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)
def test_every_slot_of_a_phrase_book_is_filled_by_words_or_by_a_catalogue(book):
    choose = Random(1)
    for intent, patterns in book.patterns.items():
        for place in range(len(patterns)):
            phrase = book.phrase(intent, place, choose)
            assert set(re.findall(r"\{(\w+)\}", phrase)) <= CATALOGUE_SLOTS, phrase


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)
def test_a_phrase_book_has_patterns_for_all_that_can_be_said(book):
    assert set(book.patterns) == {
        Intent.BUY, Intent.INFORM, Intent.NAVIGATE, Intent.IDENTIFIER, Intent.SUPPORT,
    }  # fmt: skip


def test_a_phrase_whose_slot_the_catalogue_cannot_fill_makes_no_text():
    assert filled("{brand} website", {"brand": []}, Random(1)) is None
    assert filled("{brand} website", {"brand": ["Nova"]}, Random(1)) == "Nova website"


def test_what_stands_between_slots_is_without_words_of_the_catalogue():
    assert literal_parts("is {product} better than {product}?") == ["is ", " better than ", "?"]


def test_every_intent_has_examples():
    found = {example.intent for each in ROUNDS for example in each.examples}
    assert found == set(Intent) - {Intent.UNKNOWN}


def test_equal_seeds_make_equal_examples():
    again = list(example_rounds(products(), BOOKS, rounds=3, examples=300, seed=5))
    other = list(example_rounds(products(), BOOKS, rounds=3, examples=300, seed=6))
    assert [each.examples for each in again] == [each.examples for each in ROUNDS]
    assert [each.examples for each in other] != [each.examples for each in ROUNDS]


def test_what_a_catalogue_lacks_is_of_kinds_that_were_hidden_from_it():
    for each in ROUNDS[:-1]:
        kinds = {kind.name.lower() for kind in each.lexicon.kinds}
        alone = {
            example.text.lower()
            for example in each.examples
            if example.intent is Intent.OUT_OF_CATALOGUE
        }
        assert not alone & kinds


def test_the_last_round_knows_no_catalogue_and_so_no_brands():
    last = ROUNDS[-1]
    assert last.lexicon.is_empty
    texts = {example.text.lower() for example in last.examples if example.intent is Intent.NAVIGATE}
    assert texts
    assert not any("nova" in text or "hidewell" in text for text in texts)
