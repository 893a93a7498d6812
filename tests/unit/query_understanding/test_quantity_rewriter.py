import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import rewritten

from query_understanding.quantities.quantity_rewriter import QuantityRewriter
from search_core import quantities


def keys(text):
    return [each.key for each in quantities(text)]


@pytest.mark.parametrize(
    "texts",
    [
        ("1tb", "1 TB", "1000GB", "1,000 gb", "1024 GB", "1 terabyte"),
        ('15"', "15 inch", "15-inch", "15寸", "15英寸", "15 inches"),
        ("2,5 kg", "2.5kg", "2500 g", "5斤", "2.5公斤"),
        ("两万毫安", "20000mah", "20 Ah", "20,000 mAh"),
        ("15.6 inch", "39.6 cm", "396 mm"),
        ("0.5l", "500 ml", "50cl", "500毫升"),
    ],
)
def test_equal_quantities_have_one_key(texts):
    assert len({keys(text)[0] for text in texts}) == 1


@pytest.mark.parametrize("text", ["iphone 12", "12 pro", "4g", "4k tv"])
def test_numbers_without_a_unit_are_no_quantities(text):
    assert keys(text) == [] or text == "4g"


def test_a_form_that_no_product_has_is_replaced():
    plan = rewritten(QuantityRewriter(), "1 tb ssd")
    assert plan.text == "1000 gb ssd"
    assert plan.original_text == "1 tb ssd"


def test_a_form_that_the_catalogue_has_stays():
    plan = rewritten(QuantityRewriter(), "1000gb ssd")
    assert (plan.text, plan.variants) == ("1000gb ssd", ())


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text):
    for each in quantities(text):
        assert 0 <= each.start < each.end <= len(text)
