from retrieval.explanation import explain_fused, explain_slice
from retrieval.filter_words import filter_words
from retrieval.fusion import FusedRanking
from search_core import PlanStep, QueryPlan, RangeFilter, TermFilter
from search_core.settings import FusionSettings
from search_engine import Candidate, Leg, LegResult

SETTINGS = FusionSettings(all_terms_weight=1, some_terms_weight=1, dense_weight=1)
PLAN = QueryPlan.plain("red dress")


def ranking_of(**legs):
    return FusedRanking(
        {
            Leg(name): LegResult(
                leg=Leg(name),
                candidates=tuple(
                    Candidate(
                        product_id=product_id,
                        score=score,
                        variant_group=product_id,
                        exact_code=product_id == "coded",
                    )
                    for product_id, score in found
                ),
                total=None,
                took_ms=0,
            )
            for name, found in legs.items()
        },
        SETTINGS,
    )


def explained(ranking, place=0, plan=PLAN):
    after = ranking.candidates[place + 1] if place + 1 < len(ranking.candidates) else None
    return explain_fused(ranking.candidates[place], after, ranking, plan, SETTINGS)


def test_each_leg_is_named_with_rank_and_score():
    ranking = ranking_of(all_terms=[("a", 12.5)], dense=[("b", 0.9), ("a", 0.75)])
    text = "\n".join(explained(ranking))
    assert "rank 1 of all_terms (BM25 12.500)" in text
    assert "rank 2 of dense (cosine 0.750)" in text


def test_the_fused_score_is_shown_as_a_sum():
    ranking = ranking_of(all_terms=[("a", 12.5)], dense=[("a", 0.75)])
    assert (
        "Fused score 0.0328 = 0.0164 (all_terms) + 0.0164 (dense), each weight / (60 + rank)."
        in explained(ranking)
    )


def test_it_says_what_puts_a_hit_above_the_next_one():
    ranking = ranking_of(
        all_terms=[("a", 9.0), ("b", 8.0)], some_terms=[("a", 3.0)], dense=[("b", 0.9), ("a", 0.7)]
    )
    assert explained(ranking)[-1] == (
        "It stands 0.0164 above b, mostly by some_terms (+0.0164), in spite of dense (-0.0003)."
    )


def test_a_tie_is_said_to_be_one():
    ranking = ranking_of(all_terms=[("a", 9.0)], dense=[("b", 0.9)])
    assert explained(ranking)[-1] == "It ties with b and stands first by its id."


def test_an_exact_code_is_said_to_stand_first():
    ranking = ranking_of(all_terms=[("a", 9.0), ("coded", 8.0)])
    assert "One of its codes is the query, so it stands first." in explained(ranking)
    assert explained(ranking)[-1] == "It stands above a because the query is one of its codes."


def test_filters_and_rewriters_are_told_first():
    plan = QueryPlan(
        original_text="red dress under 50",
        text="red dress",
        filters=(RangeFilter(field="price", less_than=50.0),),
        log=(PlanStep(rewriter="price", message="'under 50' became a filter"),),
    )
    sentences = explained(ranking_of(all_terms=[("a", 9.0)]), plan=plan)
    assert sentences[0] == "price: 'under 50' became a filter"
    assert sentences[1] == "Only products are considered of which: price is under 50."


def test_filters_are_put_into_words():
    assert filter_words(TermFilter(field="colour", values=("red", "blue"))) == (
        "colour is red or blue"
    )
    assert filter_words(TermFilter(field="brand", values=("HP",), negated=True)) == (
        "brand is not HP"
    )
    assert filter_words(RangeFilter(field="price", at_least=5, at_most=9.5)) == (
        "price is at least 5 and at most 9.5"
    )


def test_a_hit_beyond_the_fused_candidates_says_so():
    assert explain_slice(3.25, None, PLAN)[-1].startswith(
        "It has every word of the query (BM25 3.25)"
    )
    assert "by price" in explain_slice(None, "price", PLAN)[-1]
