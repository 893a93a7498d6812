import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_understanding.lexicon.product_words import fold, phrase_key, singular, units


def test_words_numbers_and_chinese_characters_are_units():
    assert [unit.text for unit in units("Café USB-C 15.6 2tb 红色x")] == [
        "cafe", "usb", "c", "15.6", "2tb", "红", "色", "x",
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_a_unit_stands_where_it_says(text):
    for unit in units(text):
        assert fold(text[unit.start : unit.end]) == unit.text


@pytest.mark.parametrize(
    ("plural", "word"),
    [
        ("cases", "case"), ("batteries", "battery"), ("watches", "watch"), ("boxes", "box"),
        ("glasses", "glass"), ("bus", "bus"), ("glass", "glass"), ("gas", "gas"),
        ("headphones", "headphone"), ("tennis", "tennis"), ("dishes", "dish"),
    ],
)  # fmt: skip
def test_plurals_are_undone(plural, word):
    assert singular(plural) == word


def test_a_phrase_is_found_whatever_its_case_width_and_number():
    assert phrase_key("Phone Cases") == phrase_key("ｐｈｏｎｅ case")
