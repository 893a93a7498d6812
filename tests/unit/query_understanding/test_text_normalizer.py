import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import rewritten

from query_understanding.text_normalizer import LONGEST_TEXT, TextNormalizer, clean, language_of


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("ＩＰＨＯＮＥ　１２", "IPHONE 12"),
        ("red\x00dress\u200b", "red dress"),
        ("\u202edress\u202c", "dress"),
        ("  tab\tand\nline ", "tab and line"),
        ("Core™ i5®", "Core i5"),
        ("", ""),
    ],
)
def test_only_text_is_left(typed, cleaned):
    assert clean(typed) == cleaned


def test_traditional_chinese_is_written_as_the_catalogue_does():
    plan = rewritten(TextNormalizer(), "藍牙耳機")
    assert plan.text == "蓝牙耳机"
    assert plan.original_text == "藍牙耳機"


def test_a_page_of_text_is_cut_and_the_plan_says_so():
    plan = rewritten(TextNormalizer(), "x" * 10_000)
    assert len(plan.text) == LONGEST_TEXT
    assert plan.log[0].message == "only the first 1,000 characters are read"


@pytest.mark.parametrize(
    ("text", "main", "language"),
    [
        ("red dress", "en", "en"),
        ("rotes Kleid", "de", "de"),
        ("手机壳", "en", "zh"),
        ("苹果 iPhone 12", "en", "zh"),
        ("red dress", "zh", "en"),
        ("東京", "ja", "ja"),
        ("ноутбук", "uk", "uk"),
        ("12", None, None),
    ],
)
def test_the_script_tells_the_language_else_the_catalogue(text, main, language):
    assert language_of(text, main) == language


@given(st.text())
def test_cleaning_is_done_once(text):
    once = clean(text)
    assert clean(once) == once


def test_what_becomes_longer_when_it_is_composed_is_cut_as_well():
    assert len(clean("\ufdfa" * LONGEST_TEXT)) <= LONGEST_TEXT
