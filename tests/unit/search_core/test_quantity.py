import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_core import other_wordings, quantities


def others(text):
    (quantity,) = quantities(text)
    return other_wordings(quantity)


@pytest.mark.parametrize(
    ("text", "wordings"),
    [
        ("1 TB", ()),  # 1000 GB is said in TB
        ("500 GB", ("0.5 TB",)),
        ("2 m", ("2000 mm", "200 cm", "78.7 inch", "6.56 ft")),
        ("1.2 L", ("1200 ml",)),
        ("90 minutes", ("1.5 h",)),
        ("65 W", ()),
        ("12 V", ()),
    ],
)
def test_a_quantity_is_said_in_the_units_that_suit_its_size(text, wordings):
    assert others(text) == wordings


@pytest.mark.parametrize("text", ['15.6"', "15.6 inches", "15.6-inch", "15.6英寸"])
def test_spellings_of_one_unit_have_one_wording(text):
    assert [each.wording for each in quantities(text)] == ["15.6 inch"]


def test_a_quantity_says_how_much_it_is_in_the_smallest_unit():
    (quantity,) = quantities("2,5 kg")
    assert (quantity.dimension, quantity.amount) == ("mass", 2500.0)


@settings(deadline=None)
@given(st.floats(0.01, 10_000), st.sampled_from(["mm", "cm", "kg", "oz", "ml", "gb", "h", "v"]))
def test_other_wordings_are_within_one_in_a_hundred(number, unit):
    for quantity in quantities(f"{number:.3g} {unit}"):
        for wording in other_wordings(quantity):
            (again,) = quantities(wording)
            assert again.amount == pytest.approx(quantity.amount, rel=0.01)
