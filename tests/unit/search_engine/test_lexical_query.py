from hypothesis import given
from hypothesis import strategies as st

from search_engine.lexical_query import (
    EXACT_CODE,
    TEXT_FIELDS,
    all_terms_query,
    searchable_text,
    some_terms_query,
)
from search_engine.search_values import TextMatch

BOOSTS = {"title": 3.0, "attributes": 0.5, "codes": 0.0}


def match(text, *, fuzzy=False, variants=(), running_text_boost=0.0):
    return TextMatch(
        text=text,
        all_terms_boosts=BOOSTS,
        some_terms_boosts=BOOSTS,
        minimum_should_match="-50%",
        fuzzy=fuzzy,
        variants=variants,
        running_text_boost=running_text_boost,
    )


def test_all_terms_have_to_match_over_all_fields_together():
    query = all_terms_query("red dress", BOOSTS)["multi_match"]
    assert (query["type"], query["operator"]) == ("cross_fields", "and")
    assert query["fields"] == ["title^3", "attributes_text^0.5", "listed_codes_text^0.5"]


def test_some_terms_have_to_match():
    query = some_terms_query(match("red dress"))["multi_match"]
    assert (query["operator"], query["minimum_should_match"]) == ("or", "-50%")


def test_all_terms_in_title_and_description_add_to_the_leg_of_some_terms():
    query = some_terms_query(match("red dress", running_text_boost=0.5))["bool"]
    assert query["must"] == [some_terms_query(match("red dress"))]
    together = query["should"][0]["multi_match"]
    assert (together["operator"], together["boost"]) == ("and", 0.5)
    assert together["fields"] == ["title^1", "description^1"]


def test_each_wording_is_looked_for_in_running_text_by_itself():
    wordings = some_terms_query(match("ssd", variants=("solid drive",), running_text_boost=0.5))
    assert [
        each["bool"]["should"][0]["multi_match"]["query"] for each in wordings["dis_max"]["queries"]
    ] == ["ssd", "solid drive"]


def test_a_text_with_a_digit_may_be_a_whole_code():
    should = all_terms_query("dv7-1211ea", BOOSTS)["bool"]["should"]
    assert should[1]["constant_score"]["_name"] == EXACT_CODE


def test_the_fuzzy_form_accepts_near_words():
    assert some_terms_query(match("drss", fuzzy=True))["multi_match"]["fuzziness"] == "AUTO"


def test_no_text_matches_everything():
    assert all_terms_query("  ", BOOSTS) == {"match_all": {}}
    assert some_terms_query(match("")) == {"match_all": {}}


def test_a_pasted_page_is_cut():
    assert len(searchable_text("word " * 5_000).split()) == 48
    assert len(searchable_text("x" * 50_000)) == 1_000
    assert searchable_text("手机" * 500) == "手机" * 30
    assert searchable_text("a-1 " * 48) == ("a-1 " * 20).strip()
    assert searchable_text("red dress, size 38") == "red dress, size 38"


def test_variants_that_make_too_many_terms_are_left_out():
    text = "word " * 40
    query = all_terms_query(text, {"title": 1.0}, ("other " * 40, "third " * 40))
    wordings = [each["multi_match"]["query"] for each in query["dis_max"]["queries"]]
    assert wordings == [text.strip(), ("other " * 40).strip()]


@given(st.text(max_size=200))
def test_query_syntax_stays_text(text):
    query = all_terms_query(text, BOOSTS)
    assert "query_string" not in str(list(query))


def test_every_text_field_can_be_boosted_by_a_setting():
    from search_core.settings import FieldBoosts

    assert set(FieldBoosts.model_fields) == set(TEXT_FIELDS)
