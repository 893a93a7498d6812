import numpy as np
import pytest

from indexer.taxonomy.category_words import CategoryWords, head_words, words

PATHS = [
    ("Home",),
    ("Home", "Desk Lamps"),
    ("Home", "Rugs"),
    ("Pets", "Dog Rugs"),
    ("居家", "台灯"),
]


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Cashmere Scarf, Camel", ("scarf",)),
        ("Case for Phone X with Strap", ("case",)),
        ("Red Dresses", ("dress",)),
        ("(New) Kettle - 1.7 L", ("new",)),
        ("护腰网面 人体工学椅", ("工学", "学椅")),
        ("", ()),
    ],
)
def test_the_head_of_a_title_says_what_the_thing_is(title, head):
    assert head_words(title) == head


def test_words_of_scripts_without_spaces_are_pairs_of_characters():
    assert words("红色连衣裙 Dresses") == ("红色", "色连", "连衣", "衣裙", "dress")
    assert words("茶") == ("茶",)


def added(add, *texts, weight=1.0):
    row = np.zeros(len(PATHS), np.float32)
    add(row, texts, weight)
    return row.tolist()


def test_a_name_counts_by_the_share_of_it_that_is_said():
    index = CategoryWords(PATHS)
    assert added(index.add_names, "Blue desk lamp") == [0, pytest.approx(1.0), 0, 0, 0]
    # `rug` names two categories of five, `dog` one: ln(1 + 5/2) of ln(1 + 5/2) + ln(1 + 5).
    half = [0, 0, pytest.approx(1.0), pytest.approx(1.2528 / 3.0445, abs=1e-3), 0]
    assert added(index.add_names, "Rug") == half
    assert added(index.add_names, "Rug", "rugs rug") == half
    assert added(index.add_names, "台灯", weight=2.0) == [0, 0, 0, 0, pytest.approx(2.0)]


def test_what_stands_above_a_category_counts_by_itself():
    index = CategoryWords(PATHS)
    assert added(index.add_above, "home") == [0, 1, 1, 0, 0]
    assert added(index.add_names, "home") == [1, 0, 0, 0, 0]


def test_the_head_counts_only_at_the_end_of_the_first_phrase():
    index = CategoryWords(PATHS)
    assert added(index.add_heads, "Rug for dog")[2] == pytest.approx(1.0)
    assert added(index.add_heads, "Dog on a rug picture")[2] == 0
