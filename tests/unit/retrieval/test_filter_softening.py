from retrieval.filter_softening import FEW_MATCHES, applied_filters, softened
from search_core import InferredFilter, QueryPlan, RangeFilter, TermFilter
from search_core.settings import RetrievalSettings

BRAND = TermFilter(field="brand", values=("hp",))
CHEAP = RangeFilter(field="price", less_than=50)
PLAN = QueryPlan(
    original_text="toner under 50",
    text="toner",
    filters=(BRAND,),
    inferred_filters=(InferredFilter(filter=CHEAP, weight=0.7, reason="under 50"),),
)


def test_what_was_understood_filters_beside_what_was_asked_for():
    assert applied_filters(PLAN) == (BRAND, CHEAP)


def test_a_softened_plan_prefers_what_it_filtered_by_and_says_so():
    plan = softened(PLAN)
    assert applied_filters(plan) == (BRAND,)
    assert [(each.filter, each.weight) for each in plan.boosts] == [(CHEAP, 0.7)]
    assert plan.log[-1].message == (
        "Hardly any product matches the words and also: price is under 50; "
        "such products would be preferred."
    )


def test_what_has_every_word_and_passes_comes_first():
    plan = softened(PLAN, ["a", "b"])
    (weak, strong) = plan.boosts
    assert (weak.filter, weak.weight) == (CHEAP, 0.7)
    assert strong.filter == TermFilter(field="id", values=("a", "b"), exact=True)
    assert strong.reason == "has every word, and price is under 50"
    # The last of both BM25 legs against the first of three, whose kind is preferred by .35:
    raised = 1 + strong.weight + weak.weight
    # nine products behind the 200 that a leg proposes.
    last = 1 / (60 + RetrievalSettings().candidates + FEW_MATCHES - 1)
    assert raised * (1 + 0.5) * last > 1.35 * (1 + 0.5 + 2.5) / (60 + 1)
    assert plan.log[-1].message.endswith("such products come first.")
