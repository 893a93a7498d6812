import pytest

from query_understanding.spelling.edit_cost import edit_cost


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("lamp", "lamp", 0.0),
        ("lap", "lamp", 2.3),  # a letter left out
        ("hamer", "hammer", 1.6 - 1.4),  # one of two equal letters; sounds alike
        ("lmap", "lamp", 2.9),  # swapped
        ("lsmp", "lamp", 5.0),  # a neighbouring key
        ("lemp", "lamp", 5.0),  # a vowel for a vowel
        ("latp", "lamp", 6.8),  # any other letter
        ("lammp", "lamp", 5.0 - 1.4),  # doubled; sounds alike
        ("lamtp", "lamp", 6.5),  # a letter too many
    ],
)
def test_each_edit_has_its_cost(typed, meant, cost):
    assert edit_cost(typed, meant) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("amp", "lamp", 2.3 + 2.0),
        ("xamp", "lamp", 6.8 + 2.0),
        ("tlamp", "lamp", 6.5 + 2.0),
        ("alamp", "lamp", 6.5 + 2.0),
        ("almp", "lamp", 2.9),  # it is there, if second
    ],
)
def test_the_first_letter_is_rarely_wrong(typed, meant, cost):
    assert edit_cost(typed, meant) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("laetehr", "leather", 2.9 + 2.9),  # two swaps
        ("cofef", "coffee", 1.6 + 2.9),  # one of two letters left out, a swap
        ("clae", "cable", 2.9 + 2.3),  # `bl` are swapped around what was left out
        ("hatuwei", "huawei", 2.9 + 6.5),  # `ua` are swapped around what was added
    ],
)
def test_the_cheapest_edits_count(typed, meant, cost):
    assert edit_cost(typed, meant) == pytest.approx(cost)


def test_words_that_sound_alike_are_taken_for_each_other():
    # `ph` by `f`: the first letter replaced, the second left out.
    assert edit_cost("fone", "phone") == pytest.approx(6.8 + 2.0 + 2.3 - 1.4)
