"""Why a product stands where it does, as a shopper reads it."""

import pytest

from query_proxy.search_page.chinese import CHINESE
from query_proxy.search_page.english import ENGLISH
from query_proxy.search_page.reasons import Reasons, reasons
from search_core import Contribution, Hit, LegScore, MixedScore


def part(leg: str, value: float) -> Contribution:
    return Contribution(leg=leg, weight=1.0, value=value)


def hit(*parts: Contribution, legs=(), mixed=None, exact_code=False, fused=1.0, rank=1) -> Hit:
    return Hit(
        product_id=f"p{rank}",
        rank=rank,
        fused_score=fused,
        legs=tuple(LegScore(leg=leg, rank=place, score=1.0) for leg, place in legs),
        contributions=parts,
        mixed=mixed,
        exact_code=exact_code,
        document={},
        explanation=("Every number.",),
    )


def mixed(value: float, *parts: Contribution, fused_rank=4) -> MixedScore:
    return MixedScore(value=value, rerank_score=1.0, fused_rank=fused_rank, parts=parts)


def told(first: Hit, second: Hit | None = None, sort="relevance", texts=ENGLISH) -> Reasons:
    return reasons(first, second, [each for each in (first, second) if each], sort, texts)


def test_each_leg_that_found_it_is_told_with_its_rank():
    found = told(hit(legs=[("all_terms", 2), ("some_terms", 1), ("dense", 7)]))
    assert found.sentences == (
        "It has every word of your search: number 2 of those that do.",
        "It has words of your search: number 1 by how many, and how telling.",
        "It is close to your search in meaning: number 7 of the closest.",
    )


def test_every_word_says_more_than_some_words():
    assert told(hit(legs=[("all_terms", 1), ("some_terms", 1)])).found_by == ("every word",)
    assert told(hit(legs=[("some_terms", 1), ("dense", 1)])).found_by == ("some words", "meaning")


def test_a_code_is_told_first():
    found = told(hit(legs=[("all_terms", 1)], exact_code=True))
    assert found.found_by == ("product code", "every word")
    assert found.sentences[0].startswith("What you typed is one of its product codes")


def test_bars_share_one_scale_and_tell_their_share_of_the_hit():
    first = hit(part("all_terms", 0.3), part("dense", 0.1))
    second = hit(part("dense", 0.2))
    assert [(each.text, each.width, each.share) for each in told(first, second).found_bars] == [
        ("every word", 100.0, "75%"),
        ("meaning", 33.3, "25%"),
    ]


def test_what_moved_it_down_is_told_as_such():
    bars = told(hit(part("dense", 0.3), part("boost: is worn", -0.1))).found_bars
    assert [(each.text, each.share, each.negative, each.part) for each in bars] == [
        ("meaning", "75%", False, "dense"),
        ("preference: is worn", "−25%", True, "boost"),
    ]


def test_what_puts_it_above_the_next_is_the_part_with_the_largest_lead():
    first = hit(part("all_terms", 0.3), part("dense", 0.25))
    second = hit(part("all_terms", 0.29), part("dense", 0.1))
    assert told(first, second).sentences[-1] == (
        "It stands above the next product mostly because of: meaning."
    )
    assert told(first, first).sentences[-1].startswith("It is level with the next product")


def test_reranked_products_are_compared_by_what_ordered_them():
    first = hit(
        part("dense", 0.1), mixed=mixed(0.9, part("fusion", 0.1), part("cross_encoder", 0.8))
    )
    second = hit(
        part("dense", 0.5), mixed=mixed(0.6, part("fusion", 0.5), part("cross_encoder", 0.1))
    )
    found = told(first, second)
    assert found.sentences[-2].endswith("had its say; before that it was number 4.")
    assert found.sentences[-1].endswith("mostly because of: close reading.")
    assert [each.text for each in found.mixed_bars] == ["words and meaning", "close reading"]
    assert [each.width for each in found.mixed_bars] == [12.5, 100.0]


@pytest.mark.parametrize(
    ("sort", "sentence"),
    [
        ("cheapest", "It stands here by “Lowest price”, not by how well it matches."),
        ("price:asc", "It stands here by “price:asc”, not by how well it matches."),
        ("relevance", "It has every word of your search and follows the best candidates."),
    ],
)
def test_a_product_that_fusion_did_not_rank_says_what_did(sort, sentence):
    found = told(hit(fused=None), hit(fused=None), sort)
    assert found.sentences == (sentence,)
    assert found.found_bars == ()


def test_it_is_told_in_chinese_and_the_numbers_stay_as_retrieval_tells_them():
    found = told(hit(part("dense", 0.1), legs=[("dense", 3)]), texts=CHINESE)
    assert found.sentences == ("意思与您的搜索相近，按相近程度排第 3。",)
    assert found.account == ("Every number.",)
