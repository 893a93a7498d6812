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


def listed_codes(value):
    product = Product(id="1", title="x", attributes=(Attribute(name="fits", value=value),))
    return product_document(product).get("listed_codes_text")


def test_codes_of_a_long_list_are_searched_beyond_its_beginning():
    models = ", ".join(f"Zorb QX-{n}10" for n in range(10, 60))
    found = listed_codes(models).split(" ; ")
    assert found[-1] == "QX-5910"
    assert len(", ".join(f"Zorb {each}" for each in found)) > len(models) - 300 - len("QX-1010")
    assert "Zorb" not in found


def test_a_code_that_the_limit_cuts_is_searched_whole():
    assert listed_codes(f"{'x' * 295} QX-4410Z, lamp") == "QX-4410Z"


def test_codes_between_written_line_breaks_are_codes():
    assert listed_codes(r"Zorb EB-10\nEB-20") == "EB-10 ; EB-20"
    assert listed_codes("Zorb EB-10, EB-20") is None


def test_a_document_with_a_vector_can_be_written_as_json():
    product = Product(id="1", title="x", released=date(2024, 5, 31))
    document = product_document(product, np.array([0.5, -0.5], dtype=np.float32))
    written = orjson.loads(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))
    assert written["vector"] == [0.5, -0.5]
    assert written["released"] == "2024-05-31"
