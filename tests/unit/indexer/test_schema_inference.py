from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from indexer import (
    AttributeType,
    CatalogSample,
    CatalogSchema,
    DecimalMark,
    FieldRole,
    InferredSchema,
    PriceUnit,
    Row,
    infer_schema,
)
from search_core import CatalogSchemaError

R = FieldRole
COLOURS = ("red", "blue", "green", "black", "white")
THINGS = ("table lamp", "garden chair", "wool blanket", "coffee mug", "desk organiser")


def infer(
    rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...] | None = None
) -> InferredSchema:
    numbered = tuple(Row(n, row) for n, row in enumerate(rows, start=1))
    return infer_schema(CatalogSample(rows=numbered, broken=(), columns=columns, complete=True))


def roles(schema: CatalogSchema) -> dict[str, tuple[str, ...]]:
    return {role.value: names for role, names in schema.fields.items()}


def title(n: int) -> str:
    return f"{COLOURS[n % 5].title()} {THINGS[n // 5 % 5]} model {n} with long cable"


def test_a_shopify_export_is_understood() -> None:
    found = infer(
        [
            {
                "Handle": f"thing-{n}", "Title": title(n),
                "Body (HTML)": f"<p>A lovely {THINGS[n % 5]} for every home, made to last.</p>",
                "Vendor": ("Lumo", "Holz & Co")[n % 2],
                "Product Category": "Home & Garden > Lighting", "Type": THINGS[n % 5],
                "Tags": "home, new", "Published": "true", "Option1 Name": "Size",
                "Option1 Value": "M", "Variant SKU": f"SKU-{n:04}", "Variant Grams": "1200",
                "Variant Inventory Qty": str(n), "Variant Price": f"{n}.95",
                "Variant Barcode": "4006381333931", "SEO Title": title(n),
                "Image Src": f"https://cdn.example.com/{n}.jpg", "Status": "active",
            }
            for n in range(1, 40)
        ]
    )  # fmt: skip
    assert roles(found.schema) == {
        "id": ("Handle",),
        "title": ("Title",),
        "description": ("Body (HTML)",),
        "brand": ("Vendor",),
        "category": ("Product Category",),
        "product_type": ("Type",),
        "price": ("Variant Price",),
        "image": ("Image Src",),
        "availability": ("Variant Inventory Qty",),
        "codes": ("Variant Barcode", "Variant SKU"),
    }
    assert found.schema.attribute_columns == (("Option* Name", "Option* Value"),)
    assert found.schema.category_separator == " > "
    assert {"SEO Title", "Published"} <= set(found.schema.ignored)


def test_a_product_type_beside_categories_is_the_type() -> None:
    rows = [
        {
            "sku": f"G-{n}", "name": title(n), "department": ("Food", "Home")[n % 2],
            "aisle": ("Pasta", "Cleaning", "Rice", "Paper")[n % 4],
            "product type": f"Type {n % 9}", "price": f"{n}.50",
        }
        for n in range(1, 40)
    ]  # fmt: skip
    found = roles(infer(rows).schema)
    assert (found["category"], found["product_type"]) == (
        ("department", "aisle"),
        ("product type",),
    )
    alone = roles(
        infer([{key: each[key] for key in ("sku", "name", "product type")} for each in rows]).schema
    )
    assert alone["category"] == ("product type",)


def test_a_woocommerce_export_is_understood() -> None:
    found = infer(
        [
            {
                "ID": str(n), "Type": "simple", "SKU": f"WC-{n}", "Name": title(n),
                "Published": "1",
                "Short description": "Nice and warm.",
                "Description": f"A longer text about the {THINGS[n % 5]} that tells all one can.",
                "In stock?": "1", "Regular price": "19.95", "Sale price": "14.95" if n % 3 else "",
                "Categories": ("Home > Lamps, Sale > Winter", "Sale > Winter, Home > Lamps")[n % 2],
                "Images": f"https://shop.example.com/{n}.jpg, https://shop.example.com/{n}b.jpg",
                "Attribute 1 name": "Colour", "Attribute 1 value(s)": "Red, Blue",
            }
            for n in range(1, 40)
        ]
    )  # fmt: skip
    schema = found.schema
    assert schema.of(R.ID) == ("ID",)
    assert schema.of(R.TITLE) == ("Name",)
    assert schema.of(R.DESCRIPTION) == ("Short description", "Description")
    assert schema.of(R.PRICE) == ("Sale price", "Regular price")
    assert schema.of(R.AVAILABILITY) == ("In stock?",)
    assert schema.of(R.PRODUCT_TYPE) == ()
    assert schema.of(R.IMAGE) == ("Images",)
    assert (schema.category_separator, schema.category_list_separator) == (" > ", ",")
    assert schema.attribute_columns == (("Attribute * name", "Attribute * value(s)"),)


def test_a_google_merchant_feed_is_understood() -> None:
    found = infer(
        [
            {
                "id": f"G{n}", "title": title(n),
                "description": "Soft light for long evenings at home.",
                "link": f"https://shop.example.com/p/{n}", "price": f"{n}.00 EUR",
                "image_link": f"https://shop.example.com/i/{n}.png", "availability": "in_stock",
                "brand": "Lumo", "gtin": "4006381333931", "mpn": f"LM-{n}", "condition": "new",
                "google_product_category": "Home & Garden > Lighting > Lamps",
                "product_type": "Home > Lamps", "item_group_id": f"GR{n // 3}",
                "color": COLOURS[n % 5],
            }
            for n in range(1, 40)
        ]
    )  # fmt: skip
    schema = found.schema
    assert schema.of(R.URL) == ("link",)
    assert schema.of(R.IMAGE) == ("image_link",)
    assert schema.of(R.VARIANT_GROUP) == ("item_group_id",)
    assert schema.of(R.CATEGORY) == ("google_product_category",)
    assert schema.of(R.PRODUCT_TYPE) == ()
    assert set(schema.of(R.CODES)) == {"gtin", "mpn"}
    assert schema.currency == "EUR"
    assert not any("currency" in warning for warning in found.warnings)


def test_a_magento_export_is_understood() -> None:
    found = infer(
        [
            {
                "sku": f"MG-{n}", "product_type": ("simple", "configurable")[n % 2],
                "name": title(n),
                "categories": "Default Category/Home/Lamps", "price": "12.5000", "qty": "3",
                "description": "<p>Made of oak wood, and of nothing else than oak wood.</p>",
                "base_image": f"/l/a/lamp{n}.jpg", "url_key": f"lamp-{n}",
                "additional_attributes": f"color={COLOURS[n % 5]},has_cable=Yes,size=M",
            }
            for n in range(1, 40)
        ]
    )  # fmt: skip
    schema = found.schema
    assert schema.of(R.ID) == ("sku",)
    assert schema.of(R.CODES) == ("sku",)
    assert schema.of(R.PRODUCT_TYPE) == ()
    assert schema.category_separator == "/"
    assert schema.packed_attributes == ("additional_attributes",)


@pytest.mark.parametrize(
    ("names", "language"),
    [
        (("商品编号", "商品名称", "描述", "品牌", "分类", "价格", "图片"), "zh"),
        (("商品コード", "商品名", "商品説明", "ブランド", "カテゴリ", "販売価格", "画像"), "ja"),
        (("Artikelnummer", "Bezeichnung", "Beschreibung", "Hersteller", "Kategorie", "Preis",
          "Bild"), "de"),
        (("Référence", "Nom du produit", "Descriptif", "Marque", "Catégorie", "Prix TTC", "Image"),
         "fr"),
        (("Referencia", "Nombre", "Descripción", "Marca", "Categoría", "Precio", "Imagen"), "es"),
    ],
)  # fmt: skip
def test_names_in_other_languages_are_understood(names: tuple[str, ...], language: str) -> None:
    texts = {
        "zh": ("红色纯棉台灯带开关", "适合家庭和办公室使用，光线柔和。"),
        "ja": ("赤いテーブルランプのスイッチ付き", "家庭とオフィスに最適な光のランプです。"),
        "de": ("Rote Tischlampe mit Schalter für den Schreibtisch",
               "Eine schöne Lampe für das Büro und für zu Hause, mit langem Kabel."),
        "fr": ("Lampe de table rouge avec interrupteur",
               "Une belle lampe pour le bureau et pour la maison, avec une lumière douce."),
        "es": ("Lámpara de mesa roja con interruptor",
               "Una bonita lámpara para la oficina y para la casa, con una luz muy suave."),
    }[language]  # fmt: skip
    found = infer(
        [
            dict(
                zip(
                    names,
                    (f"A{n}", f"{texts[0]} {n}", texts[1], "Lumo", "Lampen", f"{n},95",
                     f"https://a.example/{n}.jpg"),
                    strict=True,
                )
            )
            for n in range(1, 40)
        ]
    )  # fmt: skip
    identity, name, description, brand, category, price, image = names
    assert found.schema.of(R.ID) == (identity,)
    assert found.schema.of(R.TITLE) == (name,)
    assert found.schema.of(R.DESCRIPTION) == (description,)
    assert found.schema.of(R.BRAND) == (brand,)
    assert found.schema.of(R.CATEGORY) == (category,)
    assert found.schema.of(R.PRICE) == (price,)
    assert found.schema.of(R.IMAGE) == (image,)
    assert found.schema.languages == (language,)
    assert found.schema.decimal_mark is DecimalMark.COMMA


def test_the_title_is_the_field_of_several_words_and_a_model_number_is_a_code() -> None:
    found = infer([{"id": n, "name": f"X{n}-R", "title": title(n)} for n in range(1, 40)])
    assert found.schema.of(R.TITLE) == ("title",)
    assert found.schema.of(R.CODES) == ("name",)


def test_prices_in_cents_are_told_by_name_or_by_their_endings_and_said() -> None:
    by_name = infer([{"id": n, "title": title(n), "price_cents": n * 7} for n in range(1, 40)])
    assert by_name.schema.price_unit is PriceUnit.CENTS
    by_endings = infer(
        [{"id": n, "title": title(n), "price": n * 1000 + 995} for n in range(1, 40)]
    )
    assert by_endings.schema.price_unit is PriceUnit.CENTS
    assert any("taken to be in cents" in warning for warning in by_endings.warnings)


def test_whole_prices_of_many_endings_or_in_chinese_shops_are_no_cents() -> None:
    dollars = infer([{"id": n, "title": title(n), "price": n * 37} for n in range(1, 90)])
    assert dollars.schema.price_unit is PriceUnit.MAIN
    yuan = infer(
        [{"id": n, "title": f"红色台灯{n}号带开关", "price": n * 1000 + 999} for n in range(1, 40)]
    )
    assert yuan.schema.price_unit is PriceUnit.MAIN


def test_sparse_attribute_columns_become_typed_prefixes() -> None:
    rows = [
        {"id": n, "title": title(n), "attr_t_cable": "USB-C", f"attr_n_width_{n % 7}": 1.5,
         f"attr_b_led_{n % 5}": True}
        for n in range(1, 40)
    ]  # fmt: skip
    assert infer(rows).schema.attribute_prefixes == {
        "attr_t_": AttributeType.TEXT,
        "attr_n_": AttributeType.NUMBER,
        "attr_b_": AttributeType.BOOLEAN,
        "attr_": AttributeType.ANY,
    }


def test_columns_of_number_texts_are_numbers_unless_they_have_leading_zeros() -> None:
    rows = [
        {"id": str(n), "title": title(n), "seats": str(n), "zip": f"0{n:04}"} for n in range(1, 40)
    ]
    assert infer(rows).schema.attribute_types == {"seats": AttributeType.NUMBER}


def test_nested_json_is_understood_by_paths() -> None:
    found = infer(
        [
            {
                "id": n, "title": title(n), "brand": {"id": 7, "name": ("Lumo", "Oak")[n % 2]},
                "variants": [{"sku": f"V{n}", "price": "9.95", "colour": "red"}],
                "images": [{"src": f"https://a.example/{n}.jpg"}], "specs": {"Width": "3 cm"},
            }
            for n in range(1, 40)
        ]
    )  # fmt: skip
    assert found.schema.of(R.BRAND) == ("brand.name",)
    assert found.schema.of(R.PRICE) == ("variants.price",)
    assert found.schema.of(R.CODES) == ("variants.sku",)
    assert found.schema.of(R.IMAGE) == ("images.src",)
    assert "variants.colour" in found.schema.attributes


def test_a_mixed_catalogue_lists_its_languages() -> None:
    rows = [{"id": n, "title": title(n)} for n in range(20)]
    rows += [{"id": n, "title": f"红色纯棉台灯带开关{n}"} for n in range(20, 40)]
    found = infer(rows)
    assert set(found.schema.languages) == {"en", "zh"}
    assert any("several languages" in warning for warning in found.warnings)


def test_names_that_say_their_currency_are_prices() -> None:
    for name, currency in (("price_usd", "USD"), ("RRP (EUR)", "EUR"), ("Sale Price GBP", "GBP")):
        rows = [{"sku": f"S-{n}", "title": title(n), name: f"{n}.95"} for n in range(1, 30)]
        schema = infer(rows).schema
        assert schema.of(R.PRICE) == (name,)
        assert schema.currency == currency


def test_article_and_part_numbers_are_ids() -> None:
    for name in ("Art.-Nr.", "part_no", "Item No."):
        rows = [{name: f"91-{n:04}-Z", "title": title(n)} for n in range(1, 30)]
        assert infer(rows).schema.of(R.ID) == (name,)


def test_a_part_number_that_is_the_id_is_a_code_too() -> None:
    rows = [{"part_no": f"91{n:04}-ZL0", "title": title(n)} for n in range(1, 30)]
    assert infer(rows).schema.of(R.CODES) == ("part_no",)


def test_abbreviated_category_paths_are_found() -> None:
    rows = [{"sku": f"S-{n}", "title": title(n), "Cat Path": "Home > Lamps"} for n in range(1, 30)]
    found = infer(rows).schema
    assert found.of(R.CATEGORY) == ("Cat Path",)
    assert found.category_separator == " > "


def test_chinese_pairs_of_name_and_value_are_attributes() -> None:
    pairs = [{"名": "颜色", "值": "白色"}, {"名": "重量", "值": "778g"}]
    rows = [{"id": f"Z{n}", "名称": f"小禾 保温杯 真空 {n}", "规格": pairs} for n in range(1, 30)]
    choice = next(each for each in infer(rows).choices if each.field == "规格")
    assert (choice.role, choice.why) == ("attribute", "pairs of name and value")


def test_a_list_of_orders_is_recognised_as_such() -> None:
    rows = [
        {"InvoiceNo": n, "StockCode": f"S{n % 9}", "Description": title(n % 9), "UnitPrice": 2.5,
         "CustomerID": n % 4}
        for n in range(60)
    ]  # fmt: skip
    found = infer(rows)
    assert found.schema.of(R.ID) == ("StockCode",)
    assert found.schema.of(R.TITLE) == ("Description",)
    assert {"InvoiceNo", "CustomerID"} <= set(found.schema.ignored)
    assert any("list of orders" in warning for warning in found.warnings)


def test_without_a_title_the_fields_are_named() -> None:
    with pytest.raises(
        CatalogSchemaError, match="no field can serve as title; there are id, price"
    ):
        infer([{"id": n, "price": n} for n in range(10)])


def test_each_choice_says_why() -> None:
    found = infer([{"id": n, "title": title(n), "colour": COLOURS[n % 5]} for n in range(40)])
    by_field = {choice.field: choice for choice in found.choices}
    assert "named like a title" in by_field["title"].why
    assert by_field["title"].confidence > 0.9
    assert by_field["colour"].role == "attribute"


def test_cells_with_several_values_are_told_with_what_parts_them() -> None:
    sizes = ("S|M|L", "M|L", "S", "L|XL", "S|M")
    found = infer([{"sku": f"A-{n}", "name": title(n), "sizes": sizes[n % 5]} for n in range(40)])
    assert found.schema.value_separators == {"sizes": "|"}
    (choice,) = [each for each in found.choices if each.field == "sizes"]
    assert choice.why == 'several values, parted by "|"'
