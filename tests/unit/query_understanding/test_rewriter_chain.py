from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop import CATALOGUE, NOTHING_KNOWN

from query_understanding import RewriterChain, create_chain
from search_core import QueryPlan
from search_core.settings import QueryUnderstandingSettings

PATIENT = QueryUnderstandingSettings(budget_ms=60_000, unit_budget_ms=60_000)


class Appending:
    """Adds its name to the text, and takes its time."""

    def __init__(self, name, clock, seconds=0.0):
        self.name = name
        self._clock = clock
        self._seconds = seconds

    def rewrite(self, plan, catalogue):
        self._clock.now += self._seconds
        return replace(plan, text=f"{plan.text} {self.name}").logged(self.name, "added")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def run(*seconds, budget_ms=20.0, rewriter_budget_ms=10.0):
    clock = Clock()
    units = [Appending(f"u{n}", clock, each) for n, each in enumerate(seconds)]
    chain = RewriterChain(
        units, budget_ms=budget_ms, rewriter_budget_ms=rewriter_budget_ms, clock=clock
    )
    return chain.run(QueryPlan.plain("q"), CATALOGUE)


def test_rewriters_run_in_order_and_each_leaves_its_entry():
    outcome = run(0.001, 0.002)
    assert outcome.plan.text == "q u0 u1"
    assert [step.rewriter for step in outcome.plan.log] == ["u0", "u1"]
    assert [each.took_ms for each in outcome.times] == pytest.approx([1.0, 2.0])


def test_what_comes_too_late_is_dropped_and_said():
    outcome = run(0.011, 0.001)
    assert outcome.plan.text == "q u1"
    assert outcome.plan.log[-1].message == "left out for lack of time: u0"


def test_rewriters_after_the_budget_do_not_start():
    outcome = run(0.009, 0.009, 0.009, 0.009)
    assert outcome.plan.text == "q u0 u1 u2"
    assert outcome.plan.log[-1].message == "left out for lack of time: u3"


def test_each_unit_has_its_switch():
    everything = PATIENT.model_copy(update={"entities": True})
    names = create_chain(everything).names
    for name in names:
        without = create_chain(everything.model_copy(update={name: False})).names
        assert set(names) - set(without) == {name}
    assert create_chain(PATIENT.model_copy(update={"enabled": False})).names == ()


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x" * 10_000, "title:*", '"', "{", "}{", "\\", "<script>alert(1)</script>",
        "\u202egnp.exe", "👩‍👩‍👧‍👦 emoji 🎧", "\x00\x01\x1f", "AND OR NOT", "a" * 500 + " under 5",
        "'; DROP TABLE products;--", "${jndi:ldap://x}", "../../etc/passwd", "%00%0a", "()[]*?~^",
        "\ud800", "1" * 400, "一" * 900, "under " * 160, "without " * 120,
    ],
)  # fmt: skip
@pytest.mark.parametrize("catalogue", [CATALOGUE, NOTHING_KNOWN])
def test_hostile_text_is_text(text, catalogue):
    plan = create_chain(PATIENT).run(QueryPlan.plain(text), catalogue).plan
    assert plan.original_text == text
    assert len(plan.text) <= 2_000


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_becomes_a_plan_that_keeps_the_original(text):
    plan = create_chain(PATIENT).run(QueryPlan.plain(text), CATALOGUE).plan
    assert plan.original_text == text
    assert plan.filters == ()


def test_the_whole_chain_reads_a_query():
    plan = (
        create_chain(PATIENT)
        .run(QueryPlan.plain("wirless hedset under 100 not red"), CATALOGUE)
        .plan
    )
    assert plan.text == "wireless headset"
    assert [each.filter.less_than for each in plan.inferred_filters] == [100.0]
    assert any(boost.weight < 0 for boost in plan.boosts)
    assert any(boost.reason == "is a Headset" for boost in plan.boosts)
