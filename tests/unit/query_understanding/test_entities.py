from shop import rewritten

from query_understanding.entities import EntityRewriter
from search_core import TermFilter


def preferred(text):
    return [boost.filter for boost in rewritten(EntityRewriter(), text).boosts]


def test_brands_and_values_are_preferred_in_their_fields():
    assert preferred("hidewell red case") == [
        TermFilter(field="brand", values=("Hidewell",)),
        TermFilter(field="colour", values=("Red",)),
    ]


def test_a_phone_is_not_compatible_with_itself():
    assert preferred("novaphone 12") == []
    assert preferred("case for novaphone 12") == [
        TermFilter(field="compatible_with", values=("Novaphone 12",))
    ]


def test_unknown_words_prefer_nothing():
    assert preferred("chartreuse gizmo") == []
