import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_core import Attribute
from search_engine.attribute_terms import attribute_text, number_term, sortable, value_term

numbers = st.floats(allow_nan=False)


@given(first=numbers, second=numbers)
def test_terms_sort_as_their_numbers_do(first, second):
    if first < second:
        assert sortable(first) < sortable(second)
    if first == second:
        assert sortable(first) == sortable(second)


def test_infinities_bound_every_number():
    assert sortable(-math.inf) < sortable(-1e308) < sortable(0.0) < sortable(1e308)
    assert sortable(1e308) < sortable(math.inf)


def test_not_a_number_has_no_term():
    with pytest.raises(ValueError, match="no place in an order"):
        sortable(math.nan)


def test_names_that_differ_in_case_and_punctuation_share_a_key():
    assert number_term("Display Size", 5) == number_term("display-size", 5)


def test_a_value_keeps_its_case_and_loses_extra_space():
    assert value_term("Colour", " Dark  Blue ") == "colour␟Dark Blue"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(2.0, "kg", "2 kg"), (15.6, None, "15.6"), (True, None, "true"), ("纯棉", None, "纯棉")],
)
def test_values_are_written_as_shoppers_read_them(value, unit, text):
    assert attribute_text(Attribute(name="x", value=value, unit=unit)) == text
