from dataclasses import replace

import numpy as np
import pytest

from search_core import TermFilter
from search_engine import Leg, LegsQuery, ResultSet, Slice, Sort, SortField, TextMatch
from search_engine.search_bodies import counts_body, documents_body, leg_body, rest_body

MATCH = TextMatch(
    text="dress",
    all_terms_boosts={"title": 1.0},
    some_terms_boosts={"title": 1.0},
    minimum_should_match="-50%",
)
RED = TermFilter(field="brand", values=("hp",))


def legs_query(*legs, filters=(), vector=None):
    return LegsQuery(legs=legs, match=MATCH, vector=vector, filters=filters, candidates=50)


def test_legs_fetch_ids_and_scores_only():
    body = leg_body(Leg.ALL_TERMS, legs_query(Leg.ALL_TERMS))
    assert body["_source"] is False
    assert body["docvalue_fields"] == ["id", "variant_group"]
    assert body["size"] == 50


def test_variant_groups_are_read_only_where_they_are_asked_for():
    ungrouped = replace(legs_query(Leg.ALL_TERMS), groups=False)
    assert leg_body(Leg.ALL_TERMS, ungrouped)["docvalue_fields"] == ["id"]


def test_filters_apply_inside_the_graph_search():
    vector = np.ones(3, dtype=np.float32)
    body = leg_body(Leg.DENSE, legs_query(Leg.DENSE, filters=(RED,), vector=vector))
    inner = body["query"]["knn"]["vector"]
    assert inner["k"] == 50
    assert len(inner["filter"]["bool"]["filter"]) == 1


def test_the_dense_leg_needs_a_vector():
    with pytest.raises(ValueError, match="needs the query's vector"):
        leg_body(Leg.DENSE, legs_query(Leg.DENSE))


def test_the_leg_of_all_terms_counts_far_enough_to_tell_whether_there_are_more():
    # 50 candidates are asked for: counting further would keep OpenSearch from skipping weak ones.
    assert leg_body(Leg.ALL_TERMS, legs_query(Leg.ALL_TERMS))["track_total_hits"] == 51
    assert leg_body(Leg.SOME_TERMS, legs_query(Leg.SOME_TERMS))["track_total_hits"] is False


def test_documents_come_without_what_searches_work_with():
    body = documents_body(("a", "b"))
    assert body["size"] == 2
    assert {"vector", "tags_text", "source_hash"} <= set(body["_source"]["excludes"])


def test_a_slice_leaves_out_what_was_shown_and_breaks_ties_by_id():
    part = Slice(offset=5, size=10, excluded_ids=("a",))
    body = rest_body(ResultSet(match=MATCH, filters=(RED,)), part)
    assert (body["from"], body["size"]) == (5, 10)
    assert body["query"]["bool"]["must_not"] == [{"terms": {"id": ["a"]}}]
    assert body["sort"][-1] == {"id": {"order": "asc"}}


def test_a_sorted_slice_puts_products_without_a_value_last():
    part = Slice(offset=0, size=10, sort=Sort(field=SortField.PRICE, descending=False))
    body = rest_body(ResultSet(match=MATCH, filters=()), part)
    assert body["sort"][0] == {"price": {"order": "asc", "missing": "_last"}}


def test_counts_cover_matches_and_candidates():
    body = counts_body(ResultSet(match=MATCH, filters=(), candidate_ids=("a",)), ("brand",))
    assert len(body["query"]["bool"]["should"]) == 2
    assert list(body["aggs"]) == ["facet:brand"]


def test_a_result_of_candidates_only_does_not_count_other_matches():
    body = counts_body(ResultSet(match=MATCH, filters=(), candidate_ids=("a",), matches=False), ())
    (only,) = body["query"]["bool"]["should"]
    assert only["terms"]["id"] == ["a"]


def test_collapsed_results_count_groups():
    body = counts_body(ResultSet(match=MATCH, filters=(), collapse=True), ())
    assert body["aggs"]["groups"]["cardinality"]["field"] == "variant_group"


def test_boosts_are_named_and_score_nothing():
    query = replace(legs_query(Leg.ALL_TERMS), boosts=(RED,))
    body = leg_body(Leg.ALL_TERMS, query)["query"]["bool"]
    assert body["should"][0]["constant_score"]["_name"] == "boost:0"
    assert body["should"][0]["constant_score"]["boost"] == 0.0
    assert len(body["must"]) == 1


def test_variants_match_as_well_as_the_text():
    match = replace(MATCH, variants=("gown",))
    for leg in (Leg.ALL_TERMS, Leg.SOME_TERMS):
        clause = leg_body(leg, replace(legs_query(leg), match=match))["query"]
        wordings = clause["dis_max"]["queries"]
        assert [each["multi_match"]["query"] for each in wordings] == ["dress", "gown"]
