import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_core import NUMBER, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500", 500), ("1,500", 1500), ("2,5", 2.5), ("2.5", 2.5), ("1,250.50", 1250.5),
        ("1 500", 1500), ("1.5k", 1500), ("2k", 2000), ("1.5万", 15000), ("3千", 3000),
        ("五百", 500), ("一百", 100), ("两千", 2000), ("两万", 20000), ("一百五", 150),
        ("一百五十", 150), ("一千二", 1200), ("一千零五", 1005), ("十五", 15), ("二十", 20),
        ("一万二", 12000), ("百", 100),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_meant(text, number):
    assert parse_number(text) == number


@given(st.text(max_size=10))
def test_any_text_is_a_number_or_none(text):
    number = parse_number(text)
    assert number is None or number >= 0


def test_a_column_of_numbers_is_no_one_number():
    assert re.match(NUMBER, "123 456 789 012 345")[0] == "123 456 789 012 345"
    assert len(re.match(NUMBER, "123 " * 100)[0]) < len("123 " * 6)
