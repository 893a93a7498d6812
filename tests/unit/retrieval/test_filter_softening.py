from retrieval.filter_softening import applied_filters, softened
from search_core import InferredFilter, QueryPlan, RangeFilter, TermFilter

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
        "such products come first."
    )
