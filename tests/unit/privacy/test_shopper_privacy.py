"""What of a shopper is kept."""

from privacy import IdKind, ShopperPrivacy
from search_core.settings import PrivacySettings

KEYED = ShopperPrivacy(PrivacySettings(pseudonym_keys={"k1": "a" * 32}))
KEYLESS = ShopperPrivacy(PrivacySettings())


def test_without_a_key_ids_are_dropped():
    assert KEYLESS.id("customer-7", IdKind.CLIENT) is None
    assert KEYLESS.attributes({"user_id": "customer-7", "page": 2}) == {"page": 2}


def test_ids_within_attributes_become_pseudonyms_of_their_kind():
    kept = KEYED.attributes({"session_id": "s-1", "nested": {"customer-id": 7}})
    assert kept["session_id"] == KEYED.id("s-1", IdKind.SESSION)
    assert kept["nested"]["customer_id"] == KEYED.id("7", IdKind.USER)


def test_ids_nested_deeper_than_they_could_be_found_again_are_dropped():
    assert KEYED.attributes({"a": {"b": {"user_id": "7", "n": 1}}}) == {"a": {"b": {"n": 1}}}


def test_addresses_of_devices_are_left_out_and_texts_masked():
    kept = KEYED.attributes({"ip": "203.0.113.7", "note": ["mail a@b.example"], "price": 9.5})
    assert kept == {"note": ["mail [email]"], "price": 9.5}


def test_ids_of_products_stay_whatever_they_look_like():
    attributes = {"object": {"object_id": "4111111111111111", "object_id_field": "ean"}}
    assert KEYED.attributes(attributes) == attributes


def test_masking_can_be_switched_off_but_texts_are_still_cut():
    unmasked = ShopperPrivacy(PrivacySettings(mask=False))
    assert unmasked.text("a@b.example") == "a@b.example"
    assert len(unmasked.text("x" * 9_999)) == 500


def test_attributes_nested_beyond_reason_are_left_out():
    deep: dict = {"leaf": "x"}
    for _ in range(20):
        deep = {"in": deep}
    assert "leaf" not in str(KEYED.attributes(deep))


def test_equal_queries_have_equal_hashes_and_a_key_changes_them():
    assert KEYED.query_hash("red dress") == KEYED.query_hash("red dress")
    assert KEYED.query_hash("red dress") != KEYLESS.query_hash("red dress")
    assert KEYED.query_hash("red dress") != KEYED.query_hash("blue dress")
    assert len(KEYED.query_hash("red dress")) == len(KEYLESS.query_hash("red dress")) == 12
