from datetime import date

import numpy as np
import orjson

from search_core import Attribute, Product
from search_engine import product_document


def test_only_what_the_product_has_is_written():
    document = product_document(Product(id="1", title="Red dress"))
    assert document == {"id": "1", "title": "Red dress", "variant_group": "1"}


def test_a_category_path_is_written_with_all_its_steps():
    document = product_document(Product(id="1", title="x", category_path=("Shoes", "Boots")))
    assert document["category"] == ["Shoes", "Shoes > Boots"]
    assert document["category_text"] == "Shoes Boots"


def test_a_product_without_variants_is_a_group_of_its_own():
    assert product_document(Product(id="1", title="x"))["variant_group"] == "1"
    assert product_document(Product(id="1", title="x", variant_group="g"))["variant_group"] == "g"


def test_a_number_can_be_ranged_and_its_text_is_searched_only_with_a_unit():
    document = product_document(
        Product(
            id="1",
            title="x",
            attributes=(
                Attribute(name="Weight", value=2.5, unit="kg"),
                Attribute(name="Pieces", value=3.0),
            ),
        )
    )
    assert document["attribute_values"] == ["weight␟2.5 kg", "pieces␟3"]
    assert len(document["attribute_numbers"]) == 2
    assert document["attributes_text"] == "2.5 kg"


def test_a_true_attribute_is_found_by_its_name_and_a_false_one_is_not():
    document = product_document(
        Product(
            id="1",
            title="x",
            attributes=(
                Attribute(name="touch_screen", value=True),
                Attribute(name="Bluetooth", value=False),
            ),
        )
    )
    assert document["attributes_text"] == "touch screen"
    assert document["attribute_values"] == ["touch_screen␟true", "bluetooth␟false"]


def test_a_long_note_is_stored_but_cannot_be_filtered_by():
    note = "care " * 100
    document = product_document(
        Product(id="1", title="x", attributes=(Attribute(name="Note", value=note),))
    )
    assert "attribute_values" not in document
    assert document["attributes"][0]["value"] == note
    assert len(document["attributes_text"]) == 300


def test_a_document_with_a_vector_can_be_written_as_json():
    product = Product(id="1", title="x", released=date(2024, 5, 31))
    document = product_document(product, np.array([0.5, -0.5], dtype=np.float32))
    written = orjson.loads(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))
    assert written["vector"] == [0.5, -0.5]
    assert written["released"] == "2024-05-31"
