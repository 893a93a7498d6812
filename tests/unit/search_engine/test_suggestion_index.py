"""Suggestions belong to their generation, and records to one shopper."""

from search_engine import alias_of_generation, suggestions_index
from search_engine.behaviour_bodies import events_index_body, queries_index_body, shopper_query
from search_engine.generation_attachment import attachment_indices
from search_engine.suggestion_search import _completion_body

GENERATION = "shop-20261126-014557-c054"


def test_suggestions_are_deleted_with_their_generation():
    assert suggestions_index(GENERATION) in attachment_indices(GENERATION)


def test_a_generation_tells_the_alias_by_which_its_searches_are_known():
    assert alias_of_generation(GENERATION) == "shop"
    assert alias_of_generation("shop") is None


def test_short_beginnings_are_taken_as_they_are_and_longer_ones_may_be_misspelt():
    assert set(_completion_body("lap", 8)["suggest"]) == {"exact"}
    assert set(_completion_body("lapt", 8)["suggest"]) == {"exact", "near"}


def test_nothing_typed_asks_for_the_most_popular():
    assert "suggest" not in _completion_body(" ", 8)


def test_every_field_that_can_hold_a_pseudonym_is_searched_when_a_shopper_is_forgotten():
    clauses = shopper_query(["p.k.x"])["bool"]["should"]
    searched = {field for each in clauses for field in each["terms"]}
    events = events_index_body(0)["mappings"]["properties"]
    assert "client_id" in queries_index_body(0)["mappings"]["properties"]
    for name in ("client_id", "session_id", "user_id", "customer_id", "account_id"):
        assert name in events
        assert name in events["event_attributes"]["properties"]
        assert {name, f"event_attributes.{name}", f"query_attributes.{name}"} <= searched


def test_attributes_that_nobody_foresaw_make_no_fields():
    for body in (events_index_body(1), queries_index_body(1)):
        assert body["mappings"]["dynamic"] is False
