"""Keyed pseudonyms: stable, unlinkable without the key, recognised after a rotation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from privacy import IdKind, Pseudonyms
from search_core.settings import PrivacySettings

OLD = {"2026_01": "a" * 32}
BOTH = {"2026_01": "a" * 32, "2026_11": "b" * 32}


def test_one_id_has_one_pseudonym_and_another_id_another():
    made = Pseudonyms(OLD)
    assert made.of("customer-7") == made.of("customer-7")
    assert made.of("customer-7") != made.of("customer-8")


def test_a_pseudonym_names_its_key_and_not_its_id():
    made = Pseudonyms(OLD).of("customer-7")
    prefix, key_id, digest = made.split(".")
    assert (prefix, key_id, len(digest)) == ("p", "2026_01", 22)
    assert "customer" not in made


def test_another_key_gives_another_pseudonym():
    assert Pseudonyms({"k": "a" * 32}).of("x") != Pseudonyms({"k": "b" * 32}).of("x")


def test_the_same_text_as_another_kind_of_id_has_another_pseudonym():
    made = Pseudonyms(OLD)
    assert len({made.of("7", kind) for kind in IdKind}) == 3


def test_after_a_rotation_the_newest_key_writes_and_older_ones_are_recognised():
    before, after = Pseudonyms(OLD).of("customer-7"), Pseudonyms(BOTH)
    assert after.of("customer-7").startswith("p.2026_11.")
    assert after.matches(before, "customer-7")
    assert not after.matches(before, "customer-8")
    assert before in after.all_of("customer-7")


def test_without_a_key_there_is_no_pseudonym():
    made = Pseudonyms({})
    assert not made.available
    assert made.of("customer-7") is None
    assert not made.matches("customer-7", "customer-7")


@given(st.text(min_size=1))
def test_any_text_has_a_pseudonym_that_fits_the_index(value):
    assert len(Pseudonyms(BOTH).of(value)) <= 100


@pytest.mark.parametrize("keys", [{"k": "short"}, {"a-b": "a" * 32}, {"": "a" * 32}])
def test_keys_that_are_short_or_misnamed_are_refused(keys):
    with pytest.raises(ValidationError):
        PrivacySettings(pseudonym_keys=keys)
