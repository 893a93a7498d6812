from search_core import PERSON, Product, Tag, TagCorrection, TagKind


def tag(text, source="test"):
    return Tag(text=text, kind=TagKind.USE, source=source, confidence=0.5)


def test_added_tags_come_first_and_replace_generated_ones_that_say_the_same():
    product = Product(id="p", title="Stove", tags=(tag("camping"), tag("scout")))
    given = (tag("Scouts", PERSON),)
    corrected = TagCorrection(product_id="p", added=given).applied_to(product)
    assert corrected.tags == (tag("Scouts", PERSON), tag("camping"))


def test_removed_tags_go_however_they_are_written():
    product = Product(id="p", title="Stove", tags=(tag("camping trip"), tag("scout")))
    corrected = TagCorrection(product_id="p", removed=("Camping  Trips",)).applied_to(product)
    assert corrected.tags == (tag("scout"),)
