import pytest

from indexer.enrichment.read_product import ReadProduct
from indexer.enrichment.uses import use_tags
from search_core import Attribute, Product


def found(description="", language="en", **attributes):
    product = Product(
        id="1",
        title="Thing",
        description=description,
        language=language,
        attributes=tuple(Attribute(name=name, value=value) for name, value in attributes.items()),
    )
    return [(tag.text, tag.confidence) for tag in use_tags(ReadProduct(product=product))]


@pytest.mark.parametrize(
    ("description", "use"),
    [
        ("Ideal for camping trips.", "camping trips"),
        ("A perfect gift for gardeners who have it all.", "gardeners"),
        ("Suitable for a small kitchen", "small kitchen"),
        ("适合露营使用，轻便。", "露营"),
        ("露营必备，轻便。", "露营"),
        ("专为老人设计的手机。", "老人"),
    ],
)
def test_what_a_description_recommends_a_thing_for_is_sure(description, use):
    assert (use, 0.8) in found(description)


def test_a_plain_for_is_less_sure():
    assert found("Straps for bicycles.") == [("bicycles", 0.25)]


def test_names_and_numbers_after_for_are_no_use():
    assert found("Toner for CopyCentre C65.") == []
    assert found("Runs for 12 hours.") == []


@pytest.mark.parametrize(
    ("age", "names"),
    [(4.0, {"kids", "children"}), ("18 months", {"baby", "toddler"}), ("3+", {"kids", "children"}),
     (40.0, set()), (True, set())],
)  # fmt: skip
def test_an_age_says_whom_a_toy_is_for(age, names):
    assert {text for text, _ in found(age_from=age)} == names


def test_a_chinese_product_gets_chinese_words_for_an_age():
    assert {text for text, _ in found(language="zh", 年龄=5.0)} == {"儿童", "小孩"}


def test_words_that_only_contain_age_say_nothing():
    assert found(page_yield=3.0, storage=5.0) == []
