import pytest

from indexer.enrichment.measure_wordings import measure_tags
from indexer.enrichment.read_product import ReadProduct
from search_core import Attribute, Product, TagKind


def wordings(title, *attributes):
    product = Product(id="1", title=title, attributes=attributes)
    return [tag.text for tag in measure_tags(ReadProduct(product=product))]


def test_a_size_is_said_in_the_units_that_the_catalogue_did_not_choose():
    assert wordings('Monitor 15.6"') == ["396 mm", "39.6 cm", "1.3 ft"]
    assert wordings("SSD 500GB") == ["0.5 TB"]
    assert wordings("Flour 2,5 kg") == ["2500 g", "5.51 lb"]
    assert wordings("充电宝 20000毫安") == ["20 Ah"]


def test_a_size_that_is_there_in_both_units_is_not_repeated():
    assert "39.6 cm" not in wordings('Monitor 39.6 cm (15.6")')


def test_attributes_with_a_unit_are_read_after_the_title():
    weight = Attribute(name="weight", value=1.5, unit="kg")
    product = Product(id="1", title="Kettle 1.7 l", attributes=(weight,))
    tags = list(measure_tags(ReadProduct(product=product)))
    assert [(tag.text, tag.source) for tag in tags] == [
        ("1700 ml", "measures:title"),
        ("1500 g", "measures:weight"),
        ("52.9 oz", "measures:weight"),
        ("3.31 lb", "measures:weight"),
    ]
    assert {tag.kind for tag in tags} == {TagKind.MEASURE}


@pytest.mark.parametrize(
    "title",
    ["Novel 12 256 GB", "Nappies 12-17 kg", "Towel 50 x 75 cm", "Cable 0 m", "Lamp", "4 ports"],
)
def test_numbers_that_mean_something_only_together_give_no_tag(title):
    assert wordings(title) == []


def test_at_most_four_tags_are_given():
    assert len(wordings("Set 10 cm 20 cm 30 cm")) == 4
