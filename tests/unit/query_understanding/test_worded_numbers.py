import pytest

from query_understanding.quantities.worded_numbers import in_digits, worded_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ten", 10),
        ("Twenty-Five", 25),
        ("a hundred", 100),
        ("two hundred and seven", 207),
        ("fifteen hundred", 1_500),
        ("two thousand five hundred", 2_500),
        ("one hundred and one thousand", 101_000),
    ],
)
def test_number_words_are_added_up(text, number):
    assert worded_number(text) == number


@pytest.mark.parametrize("text", ["nineteen eighty four", "twenty ten", "five hundred six hundred"])
def test_words_of_several_numbers_are_none(text):
    assert worded_number(text) is None


def test_wanted_numbers_are_written_in_digits_and_places_are_those_of_the_text():
    text = "one ring, twenty-five bags"
    written, place = in_digits(text, lambda text, start, end, number: number > 1)
    assert written == "one ring, 25 bags"
    assert text[place(written.index("25")) : place(written.index("25") + 2)] == "twenty-five"
    assert text[place(written.index("bags")) :] == "bags"
