import pytest

from indexer.enrichment.read_product import ReadProduct
from search_core import Attribute, Product

SCREEN = ReadProduct(
    product=Product(
        id="1",
        title='Larkspur Office Monitor 24"',
        brand="Larkspur",
        category_path=("Computers", "Displays"),
        product_type="显示器",
        attributes=(
            Attribute(name="colour", value="Black"),
            Attribute(name="curved", value=False),
            Attribute(name="height_adjustable", value=True),
        ),
    )
)


@pytest.mark.parametrize(
    "text",
    ["monitor", "Monitors", "office monitor", "monitor, black", "displays", "显示器", "显示",
     "Height adjustable", "24"],
)  # fmt: skip
def test_what_short_fields_have_is_said(text):
    assert SCREEN.says(text)


@pytest.mark.parametrize("text", ["screen", "office screen", "示器显", "curved", "2", "monitor 25"])
def test_other_words_and_other_orders_of_characters_are_not_said(text):
    assert not SCREEN.says(text)


def test_a_description_says_nothing_that_a_tag_may_not_repeat():
    read = ReadProduct(product=Product(id="1", title="Larkspur 24", description="An office screen"))
    assert not read.says("screen")
