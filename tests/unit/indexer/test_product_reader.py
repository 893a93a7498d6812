import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indexer import (
    AttributeType,
    CatalogSchema,
    FieldRole,
    OtherFields,
    PriceUnit,
    ProductReader,
    Reject,
    RejectReason,
    Row,
    open_catalog,
    read_products,
)
from search_core import Attribute, Product
from search_core.settings import IndexerSettings

R = FieldRole
TITLE = {R.ID: ("id",), R.TITLE: ("title",)}


def schema(fields: dict[FieldRole, tuple[str, ...]] | None = None, **rest: Any) -> CatalogSchema:
    return CatalogSchema(fields=TITLE | (fields or {}), **rest)


def read(
    values: dict[str, Any], used: CatalogSchema | None = None, line: int = 1
) -> Product | Reject:
    return ProductReader(used or schema(), IndexerSettings()).read(Row(line, values))


def product(values: dict[str, Any], used: CatalogSchema | None = None) -> Product:
    found = read({"id": 1, "title": "Lamp"} | values, used)
    assert isinstance(found, Product), found
    return found


def attributes(values: dict[str, Any], **rest: Any) -> list[tuple[str, object, str | None]]:
    found = product(values, schema(**rest)).attributes
    return [(attribute.name, attribute.value, attribute.unit) for attribute in found]


def reject(values: dict[str, Any], used: CatalogSchema | None = None) -> Reject:
    found = read(values, used)
    assert isinstance(found, Reject)
    return found


def test_ids_are_text_whatever_they_were() -> None:
    assert product({"id": 12}).id == "12"
    assert product({"id": 12.0}).id == "12"
    assert product({"id": " A-1 "}).id == "A-1"


def test_a_row_without_an_id_gets_the_same_one_in_every_run() -> None:
    first = read({"title": "Lamp", "colour": "red"})
    again = read({"colour": "red", "title": "Lamp"})
    assert isinstance(first, Product)
    assert isinstance(again, Product)
    assert first.id == again.id
    assert len(first.id) == 24


def test_the_second_row_of_an_id_is_rejected_and_names_the_first() -> None:
    reader = ProductReader(schema(), IndexerSettings())
    reader.read(Row(7, {"id": 1, "title": "Lamp"}))
    second = reader.read(Row(9, {"id": "1", "title": "Lamp again"}))
    assert isinstance(second, Reject)
    assert second.reason is RejectReason.DUPLICATE_ID
    assert second.message == "line 9: the id '1' was on line 7 already"


def test_a_rejected_row_does_not_use_up_its_id() -> None:
    reader = ProductReader(schema(), IndexerSettings())
    assert isinstance(reader.read(Row(1, {"id": 1, "title": ""})), Reject)
    assert isinstance(reader.read(Row(2, {"id": 1, "title": "Lamp"})), Product)


@pytest.mark.parametrize("title", [None, "", "  ", "<br>", "N/A"])
def test_a_row_without_title_text_is_rejected(title: object) -> None:
    found = reject({"id": 1, "title": title})
    assert found.reason is RejectReason.MISSING_TITLE
    assert found.message == "line 1: there is no text in title"
    assert json.loads(found.raw) == {"id": 1, "title": title}


def test_a_title_that_is_an_object_is_of_the_wrong_type_and_a_number_is_a_title() -> None:
    assert reject({"id": 1, "title": {"en": "Lamp"}}).reason is RejectReason.WRONG_TYPE
    assert product({"title": 1984}).title == "1984"


def test_texts_that_are_too_long_are_rejected_with_their_length() -> None:
    found = reject({"id": 1, "title": "x" * 2001})
    assert found.reason is RejectReason.TEXT_TOO_LONG
    assert "title has 2,001 characters, at most 2,000" in found.message
    assert len(found.raw) <= 500


def test_descriptions_lose_markup_and_are_joined_without_saying_things_twice() -> None:
    used = schema({R.DESCRIPTION: ("short", "long")})
    assert product({"short": "Warm", "long": "<p>Warm and soft</p>"}, used).description == (
        "Warm and soft"
    )
    assert product({"short": "Warm", "long": "Soft"}, used).description == "Warm\nSoft"


def test_prices_in_cents_become_the_main_unit() -> None:
    used = schema({R.PRICE: ("price",)}, price_unit=PriceUnit.CENTS, currency="EUR")
    found = product({"price": 4995}, used)
    assert (found.price, found.currency) == (49.95, "EUR")


def test_an_empty_sale_price_falls_back_to_the_regular_one() -> None:
    used = schema({R.PRICE: ("sale", "regular")})
    assert product({"sale": "", "regular": "$9.50"}, used).price == 9.5
    assert product({"sale": "", "regular": "$9.50"}, used).currency == "USD"


def test_a_price_in_words_does_not_cost_the_product_but_a_negative_one_does() -> None:
    used = schema({R.PRICE: ("price",)})
    reader = ProductReader(used, IndexerSettings())
    found = reader.read(Row(1, {"id": 1, "title": "Lamp", "price": "on request"}))
    assert isinstance(found, Product)
    assert found.price is None
    assert reader.notes.unreadable == {"price": 1}
    assert reader.notes.sentences() == (
        "price: 1 value is not readable and left out, e.g. 'on request'",
    )
    assert reject({"id": 1, "title": "Lamp", "price": -3}, used).reason is RejectReason.WRONG_TYPE


def test_categories_come_from_a_path_a_list_or_several_fields() -> None:
    path = schema({R.CATEGORY: ("cat",)}, category_separator=" > ")
    assert product({"cat": "Home > Lamps >Desk"}, path).category_path == ("Home", "Lamps", "Desk")
    assert product({"cat": ["Home", "Lamps"]}, path).category_path == ("Home", "Lamps")
    two = schema({R.CATEGORY: ("main", "sub")})
    assert product({"main": "Home", "sub": "Lamps"}, two).category_path == ("Home", "Lamps")
    many = schema({R.CATEGORY: ("cat",)}, category_separator=">", category_list_separator=",")
    assert product({"cat": "Home > Lamps, Sale > All"}, many).category_path == ("Home", "Lamps")


def test_nested_fields_are_found_by_their_path() -> None:
    used = schema(
        {R.BRAND: ("brand.name",), R.PRICE: ("variants.price",), R.CODES: ("variants.sku",)},
        attributes=("variants.colour",),
    )
    found = product(
        {
            "brand": {"name": "Lumo"},
            "variants": [
                {"price": "9.50", "sku": "A1", "colour": "red"},
                {"price": "11", "sku": "A2", "colour": "blue"},
            ],
        },
        used,
    )
    assert (found.brand, found.price, found.codes) == ("Lumo", 9.5, ("A1", "A2"))
    assert found.attributes == (
        Attribute(name="colour", value="red"),
        Attribute(name="colour", value="blue"),
    )


def test_values_of_the_other_roles_are_read() -> None:
    used = schema(
        {
            R.AVAILABILITY: ("stock",),
            R.RATING: ("stars",),
            R.POPULARITY: ("reviews",),
            R.RELEASED: ("since",),
            R.LANGUAGE: ("locale",),
        }
    )
    found = product(
        {"stock": "in stock", "stars": "4.5 out of 5", "reviews": "1,234", "since": "31.12.2024",
         "locale": "de_AT"},
        used,
    )  # fmt: skip
    assert (found.available, found.rating, found.popularity) == (True, 4.5, 1234.0)
    assert (found.released, found.language) == (date(2024, 12, 31), "de")


def test_a_mixed_catalogue_gets_each_products_language() -> None:
    used = schema(languages=("en", "zh"))
    assert product({"title": "纯棉床单"}, used).language == "zh"
    assert product({"title": "Cotton sheet"}, used).language == "en"


def test_a_quantity_is_kept_as_text_and_as_number_with_unit() -> None:
    assert attributes({"screen_size": "15.6 cm"}) == [
        ("screen size", "15.6 cm", None),
        ("screen size", 15.6, "cm"),
    ]


def test_typed_prefixes_are_stripped_and_types_obeyed() -> None:
    prefixes = {
        "attr_t_": AttributeType.TEXT,
        "attr_n_": AttributeType.NUMBER,
        "attr_b_": AttributeType.BOOLEAN,
    }
    values = {"attr_t_cores": "4", "attr_n_weight": 2, "attr_b_usb": "yes"}
    assert attributes(values, attribute_prefixes=prefixes) == [
        ("cores", "4", None),
        ("weight", 2.0, None),
        ("usb", True, None),
    ]


def test_pairs_are_read_in_both_shapes_and_repeated_ones_folded() -> None:
    values = {
        "specs": [["材质", "棉"], ["材质", "棉"], ["材质", "麻"]],
        "params": [{"name": "Weight", "value": "3", "unit": "kg"}],
    }
    assert attributes(values) == [("材质", "棉", None), ("材质", "麻", None), ("Weight", 3.0, "kg")]


def test_objects_and_lists_make_attributes_of_their_parts() -> None:
    values = {"specs": {"Colour": ["red", "blue"], "Depth": {"value": 4, "unit": "mm"}}}
    assert attributes(values) == [
        ("Colour", "red", None),
        ("Colour", "blue", None),
        ("Depth", 4.0, "mm"),
    ]


def test_name_and_value_columns_are_joined() -> None:
    columns = (("Option* Name", "Option* Value"),)
    values = {"Option1 Name": "Size", "Option1 Value": "M", "Option2 Name": "Colour"}
    assert attributes(values, attribute_columns=columns) == [("Size", "M", None)]


def test_packed_attributes_are_parted() -> None:
    values = {"more": "color=red,size=1,5,fabric=cotton"}
    assert attributes(values, packed_attributes=("more",), ignored=()) == [
        ("color", "red", None),
        ("size", "1,5", None),
        ("size", 1.5, None),
        ("fabric", "cotton", None),
    ]


def test_fields_that_are_not_named_can_be_left_out() -> None:
    values = {"colour": "red", "internal": "x"}
    assert attributes(values, other_fields=OtherFields.IGNORE, attributes=("colour",)) == [
        ("colour", "red", None)
    ]
    assert attributes(values, ignored=("internal",)) == [("colour", "red", None)]


def test_rejects_of_the_reader_and_of_the_rows_come_in_file_order(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_text('{"id":1,"title":"Lamp"}\nbroken\n{"id":2}\n{"id":1,"title":"Lamp"}\n[]\n')
    found = list(read_products(open_catalog(path), schema(), IndexerSettings()))
    assert isinstance(found[0], Product)
    assert [(item.line, item.reason) for item in found[1:] if isinstance(item, Reject)] == [
        (2, "broken_json"),
        (3, "missing_title"),
        (4, "duplicate_id"),
        (5, "not_an_object"),
    ]
