import pytest
from shop import rewritten

from query_understanding import KnownCatalogue, learn_lexicon
from query_understanding.quantities.number_ranges import NumberRangeRewriter
from query_understanding.quantities.price_rewriter import PriceRewriter
from search_core import RangeFilter


def product(title, kind, *attributes):
    found = [
        {"name": name, "value": value, **({"unit": unit} if unit else {})}
        for name, value, unit in attributes
    ]
    return {"title": title, "product_type": kind, "language": "en", "attributes": found}


def products():
    laptops = [
        product(
            f"Laptop {n}", "Laptop",
            ("weight_g", 1_000.0 + 100 * n, None), ("ram", 8.0 + n, "GB"),
            ("storage", 256.0 * n, "GB"),
        )
        for n in range(1, 9)
    ]  # fmt: skip
    heavy = [product(f"Desk {n}", "Desk", ("weight_kg", 20.0 + n, None)) for n in range(8)]
    screens = [
        product(f"Television {n}", "Television", ("size", 40.0 + n, "inch")) for n in range(8)
    ]
    boxes = [
        product(f"Box {n}", "Box", ("width", 20.0, "cm"), ("height", 30.0 + n, "cm"))
        for n in range(8)
    ]
    cables = [product(f"Cable {n}", "Cable", ("length", 1.0 + n, "m")) for n in range(3)]
    cables += [product(f"Cord {n}", "Cable", ("length", 50.0 + n, "cm")) for n in range(2)]
    hubs = [product(f"Hub {n}", "Hub", ("ports", 2.0 + n, None)) for n in range(8)]
    books = [
        {**product(f"笔记本 {n}", "本子", ("页数", 100.0 + n, None)), "language": "zh"}
        for n in range(8)
    ]
    return [*laptops, *heavy, *screens, *boxes, *cables, *hubs, *books]


CATALOGUE = KnownCatalogue(learn_lexicon(products()))


def understood(text):
    return rewritten(NumberRangeRewriter(), text, CATALOGUE)


def ranges(text):
    return [each.filter for each in understood(text).inferred_filters]


def test_a_range_filters_the_attribute_of_the_kind_that_the_words_name():
    plan = understood("television 45 inch or bigger")
    assert plan.text == "television"
    assert [each.filter for each in plan.inferred_filters] == [
        RangeFilter(field="size", at_least=45.0)
    ]
    assert plan.inferred_filters[0].reason == "45 inch or bigger"
    assert "as a range of size" in plan.log[-1].message


def test_the_attribute_of_a_kind_is_found_however_its_name_is_written():
    bags = [product(f"Flour {n}", "Flour", ("Pack Size", 1.0 + n, "kg")) for n in range(3)]
    soups = [product(f"Soup {n}", "Soup", ("Net weight", 2.0 + n, "kg")) for n in range(3)]
    plan = rewritten(
        NumberRangeRewriter(), "flour over 2 kg", KnownCatalogue(learn_lexicon([*bags, *soups]))
    )
    assert plan.text == "flour"
    assert [each.filter for each in plan.inferred_filters] == [
        RangeFilter(field="pack_size", greater_than=2.0)
    ]


def test_an_attribute_in_two_names_and_units_is_one():
    assert ranges("under 1.5 kg") == []  # nothing else is left to search for
    (found,) = ranges("laptop under 1.5 kg weight")
    assert found.field == "weight_g"
    assert found.less_than == 1_500.0
    assert [(each.field, each.less_than) for each in found.also] == []  # no desk is so light


def test_the_same_attribute_in_two_units_keeps_each_to_its_values():
    (found,) = ranges("cable longer than 40 cm")
    assert (found.field, found.greater_than, found.at_most) == ("length", 0.4, 3.0)
    assert [(each.greater_than, each.at_most) for each in found.also] == [(40.0, 51.0)]


def test_a_unit_keeps_to_its_values_where_the_range_is_beyond_the_other():
    (found,) = ranges("cable longer than 2 m")  # 2 m is more than the 51 cm of the longest cord
    assert (found.field, found.greater_than, found.at_most) == ("length", 2.0, 3.0)
    assert found.also == ()


def test_a_bound_that_only_the_greatest_value_reaches_is_no_range_of_it():
    assert ranges("cable longer than 3 m") == []
    assert [each.at_least for each in ranges("cable at least 3 m")] == [3.0]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("laptop at least 16 gb ram", "ram"),
        ("laptop with storage of at least 12 gb", "storage"),
        ("box under 40 cm tall", "height"),
        ("box under 40 cm wide", "width"),
    ],
)
def test_a_word_beside_the_range_says_which_attribute(text, field):
    assert [each.field for each in ranges(text)] == [field]


def test_what_no_product_can_have_is_not_meant():
    # 1 TB is far beyond any RAM, so it is the storage that may be meant.
    assert [each.field for each in ranges("laptop at least 1 tb")] == ["storage"]


@pytest.mark.parametrize(
    "text", ["box under 40 cm", "laptop under 5 m", "television under 2 kw", "laptop under 500"]
)
def test_where_no_attribute_is_clearly_meant_the_words_stay(text):
    plan = understood(text)
    assert plan.text == text
    assert plan.inferred_filters == ()


def test_what_led_to_the_range_goes_with_it():
    assert understood("laptop with at least 12 gb of ram").text == "laptop"
    assert understood("television with 45 inch or more").text == "television"


def test_a_count_with_a_bound_filters_what_the_catalogue_counts():
    plan = understood("hub with at least 8 ports")
    assert plan.text == "hub"
    assert [each.filter for each in plan.inferred_filters] == [
        RangeFilter(field="ports", at_least=8.0)
    ]
    assert plan.log[-1].message == "read 'at least 8 ports' as a range of ports"


def test_a_chinese_count_filters_as_well():
    plan = understood("至少100页的笔记本")
    assert plan.text == "笔记本"
    assert [each.filter for each in plan.inferred_filters] == [
        RangeFilter(field="页数", at_least=100.0)
    ]


def test_a_count_without_a_bound_is_preferred_and_stays_in_the_text():
    plan = understood("hub 4 ports")
    assert (plan.text, plan.inferred_filters) == ("hub 4 ports", ())
    assert [each.filter for each in plan.boosts] == [
        RangeFilter(field="ports", at_least=4.0, at_most=4.0)
    ]


@pytest.mark.parametrize("text", ["hub with at least 80 ports", "at least 8 ports"])
def test_a_count_that_no_product_has_or_that_is_all_there_is_stays_text(text):
    plan = understood(text)
    assert (plan.text, plan.inferred_filters, plan.boosts) == (text, (), ())


def test_a_bare_number_of_things_is_no_price():
    priced = KnownCatalogue(learn_lexicon({**each, "price": 9.0} for each in products()))
    assert rewritten(PriceRewriter(), "hub under 8 ports", priced).inferred_filters == ()
    (price,) = rewritten(PriceRewriter(), "hub 4 ports under 8", priced).inferred_filters
    assert price.filter == RangeFilter(field="price", less_than=8.0)
    (certain,) = rewritten(PriceRewriter(), "under $8 ports", priced).inferred_filters
    assert certain.filter.field == "price"


def test_a_lower_bound_before_a_word_is_a_count_or_stays_text_and_never_a_price():
    priced = [{**each, "price": 10.0 + n} for n, each in enumerate(products())]
    catalogue = KnownCatalogue(learn_lexicon(priced))

    def read(text):
        plan = rewritten(PriceRewriter(), text, catalogue)
        plan = NumberRangeRewriter().rewrite(plan, catalogue)
        return plan.text, [each.filter for each in plan.inferred_filters]

    assert read("hub more than 8 ports") == (
        "hub", [RangeFilter(field="ports", greater_than=8.0)]
    )  # fmt: skip
    assert read("hub at least 40 bags") == ("hub at least 40 bags", [])
    assert read("hub under 40") == ("hub", [RangeFilter(field="price", less_than=40.0)])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("laptop with at least 12 GB of ram", "laptop"),
        ("laptop at least 12 gb ram", "laptop"),
        ("laptop ram at least 12 gb", "laptop"),
        ("laptop weight under 2 kg", "laptop"),
        ("laptop under 2 kg in weight", "laptop"),
        ("box width under 50 cm", "box"),
        ("重量不超过2公斤的laptop", "laptop"),
    ],
)
def test_the_word_that_names_the_attribute_goes_with_its_range(text, left):
    plan = understood(text)
    assert plan.text == left
    assert plan.inferred_filters


@pytest.mark.parametrize(
    ("text", "left"),
    [("weight under 2 kg", "weight"), ("light laptop under 2 kg", "light laptop")],
)
def test_what_is_all_there_is_or_no_name_of_the_attribute_stays(text, left):
    plan = understood(text)
    assert plan.text == left
    assert plan.inferred_filters


def test_a_word_that_names_a_kind_stays_whatever_the_attribute_is_called():
    scales = [
        product(f"Luggage Weight {n}", "Weight", ("weight", 10.0 + n, "kg")) for n in range(8)
    ]
    plan = rewritten(NumberRangeRewriter(), "iron weight over 12 kg", KnownCatalogue(
        learn_lexicon(scales)
    ))  # fmt: skip
    assert plan.text == "iron weight"
    assert plan.inferred_filters
