from dataclasses import fields, replace

import pytest

from search_core import Attribute, Product, Tag, TagKind
from search_engine import LIVE_FIELDS, NO_SOURCE, content_hash, hash_of, live_document

LAMP = Product(id="1", title="Lamp", price=5.0, attributes=(Attribute(name="watts", value=5.0),))


@pytest.mark.parametrize(
    "change",
    [
        {"price": 6.0},
        {"currency": "EUR"},
        {"available": False},
        {"rating": 4.5},
        {"popularity": 9.0},
        {"source_hash": 7},
        {"tags": (Tag(text="t", kind=TagKind.USE, source="s", confidence=0.5),)},
    ],
)
def test_live_fields_and_generated_ones_are_no_content(change: dict[str, object]) -> None:
    assert content_hash(replace(LAMP, **change)) == content_hash(LAMP)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "2"},
        {"title": "Lamps"},
        {"description": "x"},
        {"category_path": ("Light",)},
        {"attributes": (Attribute(name="watts", value=6.0),)},
        {"url": "x"},
        {"variant_group": "g"},
    ],
)
def test_everything_else_is_content(change: dict[str, object]) -> None:
    assert content_hash(replace(LAMP, **change)) != content_hash(LAMP)  # type: ignore[arg-type]


def test_every_live_field_is_one_of_a_product() -> None:
    assert set(LIVE_FIELDS) <= {field.name for field in fields(Product)}


def test_a_change_of_live_fields_takes_away_what_is_not_there_any_more() -> None:
    assert live_document(replace(LAMP, source_hash=11)) == {
        "price": 5.0,
        "currency": None,
        "available": None,
        "rating": None,
        "popularity": None,
        "source_hash": 11,
    }
    assert live_document(LAMP)["source_hash"] == NO_SOURCE


def test_hashes_stay_the_same_in_every_process_and_fit_a_long() -> None:
    assert hash_of(b"lamp") == 3_097_374_708_458_783_851
    assert all(-(2**63) <= hash_of(bytes([n])) < 2**63 for n in range(256))
