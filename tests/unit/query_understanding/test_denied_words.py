import pytest
from shop import document

from query_understanding import learn_lexicon
from query_understanding.denied_words import denied_words, without_denied

LEXICON = learn_lexicon(
    [document(f"Corn no added sugar {n}", product_type="Corn") for n in range(4)]
    + [document(f"Non stick pan {n}", product_type="Pan") for n in range(4)]
)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("sugar free cola", [(0, 2)]),
        ("cola sugar free", [(1, 3)]),
        ("no added sugar juice", [(0, 3)]),
        ("no sugar juice", [(0, 2)]),
        ("corn no added sugar", [(1, 4)]),
        ("free cola", []),
        ("headset no 3", []),
        ("corn no", []),
        ("", []),
    ],
)
def test_a_negation_goes_as_far_as_titles_go_on(text, places):
    found = denied_words(text.split(), LEXICON)
    assert [(each.start, each.stop) for each in found] == places


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("no added sugar juice", "juice"),
        ("Corn, no added sugar", "Corn, no added sugar"),
        ("gluten free pasta", "gluten free pasta"),
        ("no added sugar", "no added sugar"),
        ("不要糖的可乐", "不要糖的可乐"),
        ("", ""),
    ],
)
def test_what_is_denied_before_the_thing_is_taken_out(text, rest):
    assert without_denied(text, LEXICON) == rest
