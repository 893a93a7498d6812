from typing import Any

import pytest

from indexer.catalog_schema import CatalogSchema, FieldRole, PriceUnit
from indexer.delta.change import Change, ChangeReader, Operation
from indexer.rejects import Reject, RejectReason
from indexer.rows import Row
from search_core import UpdateRefusedError
from search_core.settings import IndexerSettings
from search_engine import LARGEST_VERSION

SCHEMA = CatalogSchema(
    fields={
        FieldRole.ID: ("sku",),
        FieldRole.TITLE: ("name",),
        FieldRole.PRICE: ("unit_price",),
        FieldRole.CURRENCY: ("money",),
    },
    price_unit=PriceUnit.CENTS,
)


def read(values: dict[str, Any], version_field: str | None = None) -> Change | Reject:
    return ChangeReader(SCHEMA, IndexerSettings(), version_field).read(Row(3, values))


def change(values: dict[str, Any], version_field: str | None = None) -> Change:
    found = read(values, version_field)
    assert isinstance(found, Change), found
    return found


def problem(values: dict[str, Any], version_field: str | None = None) -> str:
    found = read(values, version_field)
    assert isinstance(found, Reject)
    assert (found.line, found.reason) == (3, RejectReason.BAD_CHANGE)
    return found.message


def test_an_upsert_is_read_as_a_row_of_the_catalogue() -> None:
    found = change({"op": "upsert", "sku": "a1", "name": "Lamp", "unit_price": 250, "watts": 5})
    assert found.operation is Operation.UPSERT
    assert found.product is not None
    assert (found.product.id, found.product.title, found.product.price) == ("a1", "Lamp", 2.5)
    assert [each.name for each in found.product.attributes] == ["watts"]


def test_an_upsert_has_the_hash_of_the_row_that_a_catalogue_would_have() -> None:
    row = {"sku": "a1", "name": "Lamp"}
    plain = change({"op": "upsert", **row}).product
    versioned = change({"op": "upsert", "v": 3, **row}, "v").product
    assert plain is not None
    assert versioned is not None
    assert plain.source_hash == versioned.source_hash
    assert plain.source_hash is not None


def test_a_patch_reads_values_as_the_catalogue_has_them_and_only_those_it_names() -> None:
    assert change({"op": "patch", "sku": "a1", "unit_price": 250}).live == {"price": 2.5}
    patch = {"op": "PATCH", "sku": "a1", "unit_price": "3 EUR"}
    assert change(patch).live == {"price": 0.03, "currency": "EUR"}


def test_live_fields_that_the_catalogue_lacks_are_called_by_their_role() -> None:
    patch = {"op": "patch", "sku": "a1", "availability": "out of stock", "popularity": 12}
    assert change(patch).live == {"available": False, "popularity": 12}


def test_a_patch_takes_a_value_away_by_saying_that_there_is_none() -> None:
    assert change({"op": "patch", "sku": "a1", "rating": None}).live == {"rating": None}


def test_a_product_may_be_named_by_id_where_the_catalogue_says_otherwise() -> None:
    assert change({"op": "delete", "id": 17}).product_id == "17"
    assert change({"op": "delete", "sku": "a1"}).product_id == "a1"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sku": "a1"}, "op is None, not one of upsert, patch, delete"),
        ({"op": "put", "sku": "a1"}, "op is 'put'"),
        ({"op": "delete"}, "it names no product"),
        ({"op": "upsert", "id": "a1", "name": "Lamp"}, "an upsert names its product by sku"),
        ({"op": "patch", "sku": "a1", "name": "Other"}, "cannot change name"),
        (
            {"op": "patch", "sku": "a1", "price": 3},
            "change price, only availability, money, popularity, rating, unit_price",
        ),
        ({"op": "patch", "sku": "a1"}, "changes nothing"),
    ],
)
def test_what_is_no_change_says_why(values: dict[str, Any], message: str) -> None:
    assert message in problem(values)


def test_a_value_that_cannot_be_read_is_not_taken_for_none() -> None:
    found = read({"op": "patch", "sku": "a1", "unit_price": "on request"})
    assert isinstance(found, Reject)
    assert found.reason is RejectReason.WRONG_TYPE


@pytest.mark.parametrize("version", [0, "12", LARGEST_VERSION])
def test_a_version_is_a_whole_number(version: object) -> None:
    assert change({"op": "delete", "sku": "a", "v": version}, "v").version == int(str(version))


@pytest.mark.parametrize("version", [None, -1, "1.5", "soon", LARGEST_VERSION + 1, True])
def test_any_other_version_is_set_aside(version: object) -> None:
    assert "not a whole number from 0" in problem({"op": "delete", "sku": "a", "v": version}, "v")


def test_a_catalogue_without_ids_has_no_changes_of_single_products() -> None:
    with pytest.raises(UpdateRefusedError, match="no field for ids"):
        ChangeReader(CatalogSchema(fields={FieldRole.TITLE: ("name",)}), IndexerSettings(), None)
