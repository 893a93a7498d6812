"""Equal texts as one object, in bounded memory."""

from query_understanding.lexicon.shared_texts import SharedTexts


def test_equal_texts_are_one_object():
    shared = SharedTexts()
    first = "__red mug"[2:]
    second = "_red mug"[1:]
    assert first is not second
    assert shared(first) is first
    assert shared(second) is first


def test_it_forgets_rather_than_grows():
    shared = SharedTexts()
    first = "_model 0"[1:]
    shared(first)
    for number in range(1, 60_000):
        shared(f"model {number}")
    again = "__model 0"[2:]
    assert shared(again) is again
