from hypothesis import given
from hypothesis import strategies as st

from reranker.passage import passage_of
from search_core.settings import RerankerSettings

DOCUMENT = {
    "title": "Summer dress",
    "product_type": "Dress",
    "description": "Light cotton for warm days",
    "brand": "Aria",
    "category": ["Women", "Women > Dresses"],
    "attributes": [
        {"name": "colour", "value": "red"},
        {"name": "Display Size", "value": 15.6, "unit": "in"},
        {"name": "pieces", "value": 3.0},
        {"name": "washable", "value": True},
        {"name": "lined", "value": False},
        {"name": "colour", "value": "white"},
    ],
}


def passage(document=DOCUMENT, **settings):
    return passage_of(document, RerankerSettings(**settings))


def test_the_default_is_title_product_type_and_description():
    document = {**DOCUMENT, "product_type": "Garment"}
    assert passage(document) == "Summer dress. Garment. Light cotton for warm days"


def test_what_the_title_says_already_is_not_repeated():
    assert passage() == "Summer dress. Light cotton for warm days"


def test_the_order_is_that_of_the_settings():
    assert passage(passage_fields=("brand", "title")) == "brand: Aria. Summer dress"


def test_attributes_stand_behind_their_names():
    assert passage(passage_fields=("title", "attributes")) == (
        "Summer dress. colour: red. Display Size: 15.6 in. washable: yes. colour: white"
    )


def test_only_so_many_attributes_are_read():
    assert passage(passage_fields=("attributes",), passage_attributes=2) == (
        "colour: red. Display Size: 15.6 in"
    )


def test_an_attribute_is_named_however_its_name_is_written():
    assert passage(passage_fields=("display_size", "Colour")) == (
        "display size: 15.6 in. Colour: red, white"
    )


def test_the_category_is_its_whole_path():
    assert passage(passage_fields=("category",)) == "category: Women > Dresses"


def test_fields_are_cut_at_a_word_and_the_title_never():
    document = {"title": "A title of many words", "description": "Light cotton for warm days"}
    assert passage(document, passage_field_chars=14) == "A title of many words. Light cotton"


def test_a_word_longer_than_the_limit_is_cut():
    assert passage({"description": "x" * 50}, passage_field_chars=10) == "x" * 10


def test_a_product_without_any_of_the_fields_has_no_passage():
    assert passage({}) == ""
    assert passage({"title": " ", "description": None, "attributes": []}) == ""


@given(st.text(max_size=300), st.text(max_size=300), st.integers(10, 60))
def test_the_whole_title_is_always_there_and_the_rest_is_bounded(title, description, limit):
    text = passage({"title": title, "description": description}, passage_field_chars=limit)
    whole = " ".join(title.split())
    assert text.startswith(whole)
    assert len(text) <= len(whole) + len(". ") + limit
