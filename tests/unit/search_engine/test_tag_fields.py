from search_core import Tag, TagKind
from search_engine.product_document import tag_fields


def tag(text, source):
    return Tag(text=text, kind=TagKind.ALTERNATIVE_NAME, source=source, confidence=0.5)


def test_tags_of_a_thesaurus_are_searched_in_a_field_of_their_own():
    fields = tag_fields((tag("couch", "thesaurus:same"), tag("settee", "person")))
    assert fields["thesaurus_text"] == "couch"
    assert fields["tags_text"] == "settee"
    assert [each["text"] for each in fields["tags"]] == ["couch", "settee"]


def test_a_field_without_tags_is_empty():
    fields = tag_fields((tag("settee", "person"),))
    assert fields["thesaurus_text"] is None
