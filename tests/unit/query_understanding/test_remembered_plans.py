from shop import CATALOGUE, NOTHING_KNOWN

from query_understanding import QueryUnderstanding, RewriterChain
from query_understanding.remembered_plans import PlanSource, RememberedPlans
from query_understanding.rewriter import ChangingRewriter
from query_understanding.rules.rules_rewriter import RulesRewriter
from search_core import QueryPlan, TermFilter

HERE = PlanSource(CATALOGUE, ("rules of today",))
PLAN = QueryPlan.plain("red dress")
ARIA = TermFilter(field="brand", values=("Aria",))


def kept(count=10, plan=PLAN, filters=()):
    plans = RememberedPlans(count)
    plans.keep("products", HERE, filters, plan)
    return plans


def test_a_plan_is_found_for_the_same_words_filters_and_index():
    plans = kept()
    assert plans.known("products", HERE, "red dress", ()) is PLAN
    assert plans.known("products", HERE, "red dresses", ()) is None
    assert plans.known("products", HERE, "red dress", (ARIA,)) is None
    assert plans.known("others", HERE, "red dress", ()) is None


def test_a_catalogue_that_was_learned_anew_or_another_rule_makes_another_plan():
    plans = kept()
    assert plans.known("products", PlanSource(NOTHING_KNOWN, HERE.state), "red dress", ()) is None
    assert plans.known("products", PlanSource(CATALOGUE, ("a new rule",)), "red dress", ()) is None


def test_what_was_made_from_an_older_source_is_forgotten():
    plans = kept()
    newer = PlanSource(CATALOGUE, ("a new rule",))
    plans.keep("products", newer, (), QueryPlan.plain("lamp"))
    assert plans.known("products", newer, "red dress", ()) is None
    assert plans.known("products", HERE, "red dress", ()) is None


def test_plans_are_bounded_and_the_longest_unused_goes_first():
    plans = kept(count=1)
    plans.keep("products", HERE, (), QueryPlan.plain("lamp"))
    assert plans.known("products", HERE, "red dress", ()) is None
    assert plans.known("products", HERE, "lamp", ()) is not None
    assert kept(count=0).known("products", HERE, "red dress", ()) is None


def test_a_pasted_text_takes_no_room():
    pasted = QueryPlan.plain("x" * 1_001)
    assert kept(plan=pasted).known("products", HERE, pasted.original_text, ()) is None


class Catalogues:
    """Gives what it has, at once."""

    def __init__(self):
        self.catalogue = CATALOGUE

    def fresh(self, index):
        return self.catalogue


class Counting:
    """Counts how often it reads a query, and may be late."""

    name = "counting"

    def __init__(self, clock=None):
        self.read = 0
        self.clock = clock

    def rewrite(self, plan, catalogue):
        self.read += 1
        if self.clock is not None:
            self.clock.now += 1.0
        return plan.logged(self.name, "read")


class AskingLater(Counting):
    """Its answer may come later, as a language model's does."""

    def state(self):
        return None


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def understanding(*rewriters, clock=None, catalogues=None):
    chain = RewriterChain(
        rewriters, budget_ms=100.0, rewriter_budget_ms=10.0, clock=clock or Clock()
    )
    return QueryUnderstanding(chain, catalogues or Catalogues(), remembered=10)


async def test_a_query_that_was_typed_before_is_not_read_again():
    counting = Counting()
    reading = understanding(counting)
    first = await reading.plan("products", "red dress")
    assert await reading.plan("products", "red dress") is first
    assert counting.read == 1
    await reading.plan("products", "red dress", (ARIA,))
    assert counting.read == 2


async def test_the_times_of_a_query_are_always_measured_anew():
    counting = Counting()
    reading = understanding(counting)
    await reading.plan("products", "red dress")
    outcome = await reading.explained("products", "red dress")
    assert counting.read == 2
    assert [each.rewriter for each in outcome.times] == ["counting"]


async def test_a_plan_that_lacks_a_late_rewriter_is_made_anew_the_next_time():
    clock = Clock()
    late = Counting(clock)  # a second, of the 10 ms that it may take
    reading = understanding(late, clock=clock)
    await reading.plan("products", "red dress")
    await reading.plan("products", "red dress")
    assert late.read == 2


async def test_nothing_is_remembered_where_a_models_answer_may_come_later():
    model = AskingLater()
    reading = understanding(model)
    await reading.plan("products", "red dress")
    await reading.plan("products", "red dress")
    assert model.read == 2


async def test_a_changed_rule_and_a_new_catalogue_have_a_query_read_again():
    rules, counting, catalogues = [()], Counting(), Catalogues()
    reading = understanding(RulesRewriter(lambda: rules[0]), counting, catalogues=catalogues)
    await reading.plan("products", "red dress")
    rules[0] = ("another",)
    assert reading._chain.state() == (("another",),)
    catalogues.catalogue = NOTHING_KNOWN
    rules[0] = ()
    await reading.plan("products", "red dress")
    assert counting.read == 2


def test_the_rules_are_what_changes_and_a_plain_rewriter_is_not():
    assert isinstance(RulesRewriter(lambda: ()), ChangingRewriter)
    assert not isinstance(Counting(), ChangingRewriter)
