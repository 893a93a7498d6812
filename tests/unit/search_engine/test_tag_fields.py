from search_core import Product, Tag, TagKind
from search_engine import product_document, tag_fields, tags_of

TAGS = (
    Tag(text="bookcase", kind=TagKind.ALTERNATIVE_NAME, source="person", confidence=1.0),
    Tag(text="tiny rooms", kind=TagKind.USE, source="uses:description", confidence=0.8),
)


def test_tags_are_searched_as_one_text_and_stored_with_all_they_say():
    document = product_document(Product(id="1", title="Shelf", tags=TAGS))
    assert document["tags_text"] == "bookcase ; tiny rooms"
    assert tags_of(document) == TAGS


def test_a_product_without_tags_has_no_field_of_them():
    assert {"tags", "tags_text"}.isdisjoint(product_document(Product(id="1", title="Shelf")))


def test_fields_without_tags_empty_those_of_a_stored_product():
    assert tag_fields(()) == {"tags_text": None, "tags": []}
