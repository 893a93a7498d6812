import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_core import Attribute, attribute_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Display Size", "display_size"),
        ("display-size", "display_size"),
        (" Weight (kg) ", "weight_kg"),
        ("适用床尺寸", "适用床尺寸"),
        ("ＳＩＭ", "sim"),
        ("Größe", "grösse"),
    ],
)
def test_names_that_mean_the_same_share_a_key(name, key):
    assert attribute_key(name) == key


@given(st.text())
def test_a_key_is_its_own_key(name):
    key = attribute_key(name)
    assert attribute_key(key) == key


def test_an_attribute_knows_its_key():
    assert Attribute(name="Screen Size", value=15.6).key == "screen_size"
