"""Which attributes the page offers as filters."""

from query_proxy.search_page.attributes import attribute_titles, frequent_attributes, title_of
from search_core import Hit


def hits(*attributes: dict[str, object]) -> list[Hit]:
    return [
        Hit(
            product_id=f"p{rank}",
            rank=rank,
            fused_score=1.0,
            document={
                "attributes": [{"name": name, "value": value} for name, value in each.items()]
            },
        )
        for rank, each in enumerate(attributes, start=1)
    ]


def test_a_value_that_products_share_is_worth_more_than_one_that_each_has_alone():
    page = hits(*({"Colour": "red" if n % 2 else "blue", "Weight": n} for n in range(8)))
    assert frequent_attributes(page) == ("colour",)


def test_what_all_products_have_alike_is_no_choice():
    assert frequent_attributes(hits(*({"Kind": "mug"} for _ in range(8)))) == ()


def test_an_attribute_that_only_some_have_narrows_even_with_one_value():
    page = hits(*({"wireless": True} if n < 4 else {} for n in range(8)))
    assert frequent_attributes(page) == ("wireless",)


def test_at_most_four_are_offered_those_of_more_products_first():
    page = hits(*(dict.fromkeys("abcdef"[: 6 - n % 3], n % 2) for n in range(12)))
    assert frequent_attributes(page) == ("a", "b", "c", "d")


def test_sentences_are_no_choices():
    page = hits(
        *({"care": "Wash at thirty degrees with colours that are alike"} for _ in range(3)), {}
    )
    assert frequent_attributes(page) == ()


def test_an_attribute_that_is_named_like_a_product_field_is_not_offered():
    assert frequent_attributes(hits({"Brand": "A"}, {"Brand": "A"}, {"Brand": "B"})) == ()


def test_products_without_attributes_offer_none():
    assert frequent_attributes([Hit(product_id="a", rank=1, fused_score=1.0, document={})]) == ()


def test_headings_are_as_the_catalogue_writes_the_names():
    assert attribute_titles(hits({"weight_kg": 1}, {"颜色": "红"})) == {
        "weight_kg": "Weight kg",
        "颜色": "颜色",
    }
    assert title_of("battery_mAh") == "Battery mAh"
