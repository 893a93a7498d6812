import math

import pytest

from search_core import FilterError, RangeFilter, TermFilter, TextFilter
from search_engine.attribute_terms import number_term
from search_engine.filter_query import filter_clauses


def clause(each):
    (only,) = filter_clauses((each,))
    return only


def test_a_product_field_is_compared_whole_and_without_case():
    assert clause(TermFilter(field="brand", values=("hp",))) == {
        "term": {"brand": {"value": "hp", "case_insensitive": True}}
    }


def test_several_values_are_alternatives():
    found = clause(TermFilter(field="brand", values=("hp", "dell")))
    assert found["bool"]["minimum_should_match"] == 1
    assert len(found["bool"]["should"]) == 2


def test_a_negated_filter_excludes():
    found = clause(TermFilter(field="brand", values=("hp",), negated=True))
    assert list(found["bool"]) == ["must_not"]


def test_exact_values_are_one_clause():
    assert clause(TermFilter(field="brand", values=("HP", "Dell"), exact=True)) == {
        "terms": {"brand": ["HP", "Dell"]}
    }
    found = clause(TermFilter(field="Fits", values=("X 1", "X  2"), exact=True, negated=True))
    assert found == {
        "bool": {"must_not": [{"terms": {"attribute_values": ["fits␟X 1", "fits␟X 2"]}}]}
    }


def test_an_attribute_is_found_by_its_value_or_as_a_number():
    found = clause(TermFilter(field="Weight", values=("2",)))
    assert found["bool"]["should"] == [
        {"term": {"attribute_values": {"value": "weight␟2", "case_insensitive": True}}},
        {"term": {"attribute_numbers": number_term("weight", 2.0)}},
    ]


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("No", False)])
def test_availability_is_a_truth_value(value, expected):
    assert clause(TermFilter(field="available", values=(value,))) == {
        "term": {"available": expected}
    }


def test_a_price_range_is_a_range_query():
    assert clause(RangeFilter(field="price", at_least=5, less_than=9)) == {
        "range": {"price": {"gte": 5, "lt": 9}}
    }


def test_an_open_range_over_an_attribute_stays_within_that_attribute():
    assert clause(RangeFilter(field="weight", less_than=2)) == {
        "range": {
            "attribute_numbers": {
                "lt": number_term("weight", 2),
                "gte": number_term("weight", -math.inf),
            }
        }
    }


@pytest.mark.parametrize(
    "wrong",
    [
        TermFilter(field="available", values=("perhaps",)),
        TermFilter(field="price", values=("cheap",)),
        RangeFilter(field="brand", less_than=3),
    ],
)
def test_values_that_a_field_cannot_have_are_refused(wrong):
    with pytest.raises(FilterError):
        filter_clauses((wrong,))


def test_a_text_filter_keeps_products_that_mention_a_phrase():
    (clause,) = filter_clauses([TextFilter(phrases=("no magnet", "without magnet"))])
    phrases = [each["multi_match"] for each in clause["bool"]["should"]]
    assert [each["query"] for each in phrases] == ["no magnet", "without magnet"]
    assert {each["type"] for each in phrases} == {"phrase"}
    (negated,) = filter_clauses([TextFilter(phrases=("lace",), negated=True)])
    assert "must_not" in negated["bool"]


def test_a_range_of_several_attributes_is_passed_by_any():
    grams = RangeFilter(field="weight_g", less_than=2_000)
    kilos = RangeFilter(field="weight_kg", less_than=2)
    both = RangeFilter(field="weight_g", less_than=2_000, also=(kilos,))
    (clause,) = filter_clauses([both])
    assert clause == {
        "bool": {
            "should": [*filter_clauses([grams]), *filter_clauses([kilos])],
            "minimum_should_match": 1,
        }
    }
