"""What is suggested is learned from products, and from what many shoppers searched for."""

import math

from query_understanding import SuggestionLearner, SuggestionLimits
from search_engine import PopularQuery, SuggestionKind

LIMITS = SuggestionLimits(least_products=2, most_entries=1000, most_queries=100)


def learned(documents, popular=(), limits=LIMITS):
    learner = SuggestionLearner(limits)
    for document in documents:
        learner.observe(document)
    return {each.text: each for each in learner.finish(popular)}


def weights(entry):
    return {each.key: each.weight for each in entry.inputs}


def test_types_brands_and_their_pairs_are_suggested_with_their_products():
    found = learned([{"title": f"N {n}", "brand": "Nova", "product_type": "Phone"} for n in "ab"])
    assert (found["Phone"].kind, found["Phone"].products) == (SuggestionKind.TYPE, 2)
    assert (found["Nova"].kind, found["Nova"].products) == (SuggestionKind.BRAND, 2)
    assert found["Nova Phone"].kind is SuggestionKind.BRAND_TYPE


def test_a_pair_of_one_product_is_not_suggested():
    assert "Nova Phone" not in learned([{"title": "x", "brand": "Nova", "product_type": "Phone"}])


def test_without_a_type_the_narrowest_category_stands_in():
    document = {"title": "x", "category": ["Shoes", "Shoes > Boots"], "product_type": "0042"}
    assert "Boots" in learned([document])


def test_a_pair_does_not_say_the_brand_twice():
    documents = [{"title": "x", "brand": "Nova", "product_type": "Nova phones"}] * 2
    assert "Nova Nova phones" not in learned(documents)


def test_beginnings_that_several_titles_share_are_suggested():
    found = learned([{"title": f"Nova S1 {end}"} for end in ("red", "blue", "green")])
    assert found["Nova S1"].products == 3


def test_a_beginning_that_nearly_always_goes_on_the_same_way_is_left_out():
    titles = ["Nova Book Pro 1", "Nova Book Pro 2", "Nova Book Pro 3"]
    found = learned([{"title": title} for title in titles])
    assert "Nova Book Pro" in found
    assert found.keys().isdisjoint({"Nova Book Pro 1"})
    assert "Nova Book" not in found


def test_beginnings_that_are_cut_in_the_middle_are_left_out():
    found = learned([{"title": f"Case for {name} phones"} for name in ("Nova", "Zeta", "Yoto")])
    assert "Case for" not in found


def test_words_inside_of_titles_need_more_products():
    five = [{"title": f"{n} Leather sleeve {n}"} for n in range(5)]
    assert learned(five)["Leather sleeve"].products == 5
    assert "Leather sleeve" not in learned(five[:4])


def test_chinese_titles_are_read_from_their_end():
    found = learned([{"title": f"{kind}无线耳机"} for kind in ("降噪", "运动", "头戴")])
    assert found["无线耳机"].products == 3
    assert "线耳机" not in found


def test_chinese_can_be_begun_by_sound_and_initials_below_its_characters():
    entry = learned([{"title": "x", "product_type": "耳机"}])["耳机"]
    by_key = weights(entry)
    assert by_key["erji"] == by_key["ej"] == round(by_key["耳机"] / 4)


def test_an_entry_can_be_begun_at_later_words_with_less_weight():
    entry = learned([{"title": "x", "product_type": "Wireless mouse"}])["Wireless mouse"]
    assert weights(entry) == {"wireless mouse": 1000, "mouse": 500}  # 1000 · log2(1 + 1)


def test_popular_queries_count_twice_what_products_do():
    found = learned([], [PopularQuery("gift for dad", 7)])
    entry = found["gift for dad"]
    assert (entry.kind, entry.products, entry.shoppers) == (SuggestionKind.QUERY, 0, 7)
    assert weights(entry)["gift for dad"] == round(1000 * 2 * math.log2(8))


def test_a_query_that_the_catalogue_has_too_is_one_entry():
    found = learned([{"title": "x", "product_type": "Phone case"}], [PopularQuery("PHONE-CASE", 7)])
    assert found["Phone case"].shoppers == 7
    assert "PHONE-CASE" not in found


def test_of_one_querys_spellings_the_most_frequent_is_shown():
    found = learned([], [PopularQuery("Red  Dress", 5), PopularQuery("red dress", 9)])
    assert [(each.text, each.shoppers) for each in found.values()] == [("red dress", 9)]


def test_masked_and_overlong_queries_are_not_suggested():
    assert learned([], [PopularQuery("shoes [email]", 9), PopularQuery("x" * 61, 9)]) == {}


def test_of_too_many_entries_those_of_most_products_stay():
    limits = SuggestionLimits(least_products=2, most_entries=1, most_queries=1)
    documents = [{"title": "", "product_type": kind} for kind in ("Phone", "Phone", "Cable")]
    popular = [PopularQuery("a", 5), PopularQuery("b", 6)]
    assert list(learned(documents, popular, limits)) == ["Phone", "b"]


def test_products_with_nothing_to_say_teach_nothing():
    assert learned([{}, {"title": ""}, {"title": None, "brand": "", "category": []}]) == {}
