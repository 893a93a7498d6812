"""Near products, in the order of nearness, kind and price together."""

import pytest

from query_proxy.json_api.similar_products import similar_hits
from search_engine import NearAnswer, NearProduct, StoredProduct


def stored(name, score=None, **fields):
    return StoredProduct(product_id=name, document={"id": name, **fields}, score=score)


def near(name, cosine, score=1.0, **fields):
    return NearProduct(product=stored(name, score, **fields), cosine=cosine)


def ranked(asked, *candidates, size=10):
    by_vector = all(each.cosine is not None for each in candidates)
    answer = NearAnswer(
        product=stored("asked", **asked), near=candidates, generation="g", by_vector=by_vector
    )
    return similar_hits(answer, size)


def test_the_same_kind_comes_before_what_is_a_little_nearer():
    hits = ranked(
        {"product_type": "Phone"},
        near("case", 0.85, product_type="Case"),
        near("phone", 0.70, product_type="phone"),
    )
    assert [(each.id, each.same_kind) for each in hits] == [("phone", True), ("case", False)]
    assert hits[0].score == pytest.approx(0.70 + 0.2)


def test_what_is_much_nearer_comes_first_whatever_it_is():
    hits = ranked(
        {"product_type": "Phone"},
        near("case", 0.95, product_type="Case"),
        near("phone", 0.60, product_type="Phone"),
    )
    assert [each.id for each in hits] == ["case", "phone"]


def test_the_nearest_price_comes_first_among_equals():
    hits = ranked(
        {"price": 100.0},
        near("four times", 0.5, price=400.0),
        near("double", 0.5, price=200.0),
        near("same", 0.5, price=100.0),
        near("unknown", 0.5),
    )
    assert [each.id for each in hits] == ["same", "double", "four times", "unknown"]
    assert [each.score for each in hits] == pytest.approx([0.6, 0.55, 0.5, 0.5])
    assert [each.price_ratio for each in hits] == [1.0, 2.0, 4.0, None]


def test_prices_of_two_currencies_are_not_compared():
    [hit] = ranked({"price": 1.0, "currency": "EUR"}, near("x", 0.5, price=1.0, currency="USD"))
    assert hit.price_ratio is None


def test_without_a_type_the_narrowest_category_is_the_kind():
    [hit] = ranked({"category": ["a", "a > b"]}, near("x", 0.5, category=["a", "a > b"]))
    assert hit.same_kind is True


def test_an_unknown_kind_is_neither_the_same_nor_another():
    [hit] = ranked({"product_type": "Phone"}, near("x", 0.5))
    assert hit.same_kind is None


def test_scores_by_words_are_put_on_a_scale_first():
    hits = ranked({}, near("best", None, 30.0), near("second", None, 15.0))
    assert [(each.id, each.score) for each in hits] == [("best", 1.0), ("second", 0.5)]


def test_equals_are_ordered_by_id_and_cut_to_the_size():
    hits = ranked({}, near("b", 0.5), near("a", 0.5), near("c", 0.5), size=2)
    assert [(each.id, each.rank) for each in hits] == [("a", 1), ("b", 2)]


def test_free_products_and_none_at_all_do_no_harm():
    assert ranked({"price": 0.0}, near("x", 0.5, price=5.0))[0].price_ratio is None
    assert ranked({}) == ()
