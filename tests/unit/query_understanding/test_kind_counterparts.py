import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_understanding.categories.kind_counterparts import (
    counterparts,
    in_two_scripts,
    told_as_named,
)
from query_understanding.lexicon.lexicon import ProductKind
from query_understanding.lexicon.lexicon_learning import learn_lexicon


def kind(name, field="product_type"):
    return ProductKind(name=name, field=field, count=5, median_price=None)


def vector(*components):
    return np.array(components, dtype=np.float32)


CASES, TOWELS, CHARGERS = vector(1, 0, 0, 0), vector(0, 1, 0, 0), vector(0, 0, 1, 0)
CHINESE = vector(0, 0, 0, 1)
"""What all products that are told in Chinese have in common."""


def test_kinds_of_two_scripts_are_paired_by_what_their_products_are():
    kinds = [kind("Phone case"), kind("毛巾"), kind("手机壳"), kind("Towel"), kind("Charger")]
    vectors = dict(
        enumerate([CASES, TOWELS + CHINESE, 3 * (CASES + CHINESE), 2 * TOWELS, CHARGERS])
    )
    assert counterparts(kinds, vectors) == ((1, 3), (2, 0))


def test_a_kind_that_two_of_the_other_script_are_equally_near_stays_alone():
    kinds = [kind("手机壳"), kind("Phone case"), kind("Case"), kind("Towel")]
    vectors = dict(enumerate([CASES + CHINESE, CASES, CASES, TOWELS]))
    assert counterparts(kinds, vectors) == ()


def test_the_only_kinds_of_two_scripts_are_no_pair_for_that():
    assert counterparts([kind("毛巾"), kind("Towel")], {0: TOWELS, 1: TOWELS}) == ()


def test_a_model_that_sees_no_difference_in_one_language_pairs_nothing():
    kinds = [kind("毛巾"), kind("手机壳"), kind("Towel"), kind("Phone case")]
    vectors = dict(enumerate([CHINESE, CHINESE, TOWELS + CHINESE, CASES + CHINESE]))
    assert counterparts(kinds, vectors) == ()


def test_a_product_type_is_no_counterpart_of_a_category():
    kinds = [
        kind("手机壳"), kind("毛巾"), kind("Phone case", "category"), kind("Towel", "category"),
    ]  # fmt: skip
    vectors = dict(enumerate([CASES, TOWELS, CASES, TOWELS]))
    assert counterparts(kinds, vectors) == ()


def test_kinds_without_vectors_are_left_alone():
    kinds = [kind("手机壳"), kind("毛巾"), kind("Phone case"), kind("Towel")]
    assert counterparts(kinds, {}) == ()
    assert counterparts(kinds, {0: CASES, 1: TOWELS, 3: 0 * TOWELS}) == ()


@given(seed=st.integers(0, 10_000), chinese=st.integers(0, 6), others=st.integers(0, 6))
def test_no_kind_stands_in_two_pairs(seed, chinese, others):
    kinds = [kind(f"壳{n}") for n in range(chinese)] + [kind(f"case {n}") for n in range(others)]
    rows = np.random.default_rng(seed).normal(size=(len(kinds), 3)).astype(np.float32)
    pairs = counterparts(kinds, dict(enumerate(rows)))
    assert len({place for pair in pairs for place in pair}) == 2 * len(pairs)
    assert all(one < chinese <= other for one, other in pairs)


@pytest.mark.parametrize(
    ("names", "both"),
    [((), False), (("Towel",), False), (("毛巾", "手机壳"), False), (("毛巾", "Towel"), True)],
)
def test_a_catalogue_is_in_two_scripts_if_its_kinds_are_named_in_both(names, both):
    assert in_two_scripts([kind(each) for each in names]) is both


def test_kinds_whose_titles_are_in_another_script_than_their_name_are_not_compared():
    titles = {
        "手机壳": "Novaphone 磁吸壳",
        "Phone case": "Case for Novaphone",
        "Towel": "Bath towel",
        "CPU": "Intel i7 处理器",
        "旗袍": "Silk cheongsam",
        "毛巾": "毛巾",
    }
    shop = [
        {"title": f"{title} {number}", "product_type": name}
        for name, title in titles.items()
        for number in range(3)
    ]
    # One of three towels is told in Chinese, by a single character.
    shop[6]["title"] = "Bath towel 浴"
    lexicon = learn_lexicon(shop)
    told = {lexicon.kinds[place].name for place in told_as_named(lexicon, 2_000)}
    assert told == {"手机壳", "Phone case", "Towel", "毛巾"}


def test_only_the_most_frequent_kinds_are_compared():
    shop = [{"title": f"Towel {n}", "product_type": "Towel"} for n in range(2)]
    lexicon = learn_lexicon([*shop, {"title": "毛巾", "product_type": "毛巾"}])
    assert told_as_named(lexicon, 1) == (0,)
