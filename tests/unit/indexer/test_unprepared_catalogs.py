"""Catalogues that nothing here was tuned to, read without a schema."""

from collections import Counter
from pathlib import Path

import pytest

from indexer import (
    CatalogSource,
    FieldRole,
    InferredSchema,
    PriceUnit,
    Reject,
    infer_schema,
    open_catalog,
    read_products,
)
from search_core.settings import IndexerSettings

R = FieldRole
SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared research data are not at {SHARED}"),
]


def understood(name: str) -> tuple[CatalogSource, InferredSchema]:
    source = open_catalog(SHARED / name)
    return source, infer_schema(source.sample())


def outcome(source: CatalogSource, found: InferredSchema) -> Counter[str]:
    products = read_products(source, found.schema, IndexerSettings())
    return Counter(item.reason if isinstance(item, Reject) else "product" for item in products)


def test_the_electronics_catalogue_with_thousands_of_sparse_columns() -> None:
    source, found = understood("icecat/products.jsonl.gz")
    schema = found.schema
    assert schema.of(R.TITLE) == ("title",)
    assert schema.of(R.BRAND) == ("supplier",)
    assert schema.of(R.DESCRIPTION) == ("short_description",)
    assert schema.of(R.CODES)[0] == "ean"
    assert schema.price_unit is PriceUnit.CENTS
    assert schema.languages == ("en",)
    assert set(schema.attribute_prefixes) == {"attr_t_", "attr_n_", "attr_b_", "attr_"}
    assert outcome(source, found) == {"product": 19_406}


def test_the_chinese_catalogue_with_pairs() -> None:
    source, found = understood("litemall_zh/products.jsonl")
    schema = found.schema
    assert schema.of(R.CATEGORY) == ("category",)
    assert schema.of(R.PRICE)[0] == "price"
    assert schema.price_unit is PriceUnit.MAIN
    assert schema.languages == ("zh",)
    assert outcome(source, found) == {"product": 239}


def test_the_list_of_orders() -> None:
    _, found = understood("online_retail/transactions.csv.gz")
    assert found.schema.of(R.ID) == ("StockCode",)
    assert found.schema.of(R.TITLE) == ("Description",)
    assert any("list of orders" in warning for warning in found.warnings)


def test_the_small_shops() -> None:
    source, found = understood("images/eshop_products.jsonl")
    assert {role.value for role in found.schema.fields} == {
        "id", "title", "description", "brand", "category", "price", "image",
    }  # fmt: skip
    assert outcome(source, found) == {"product": 101}
    _, found = understood("images/grocery_products.csv")
    assert found.schema.of(R.TITLE) == ("store_title",)
    assert found.schema.of(R.ID) == ("product_id",)
