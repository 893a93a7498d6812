import os

import pytest
from shop import CATALOGUE

from query_understanding import create_chain, parse_rules
from query_understanding.rules.rules_file import RulesFile
from query_understanding.rules.rules_rewriter import RulesRewriter
from search_core import QueryPlan, RulesError, TermFilter, TextFilter
from search_core.settings import QueryUnderstandingSettings


def applied(rules, text):
    parsed = parse_rules(rules)
    return RulesRewriter(lambda: parsed).rewrite(QueryPlan.plain(text), CATALOGUE)


def test_a_synonym_is_another_wording():
    plan = applied("couch =>\n  SYNONYM: sofa", "red couch bed")
    assert (plan.text, plan.variants) == ("red couch bed", ("red sofa bed",))


def test_up_and_down_are_boosts_with_a_tenth_of_their_weight():
    plan = applied("case =>\n  UP(5): leather\n  DOWN(2): * brand:Hidewell", "case")
    assert [(each.filter, each.weight) for each in plan.boosts] == [
        (TextFilter(phrases=("leather",)), pytest.approx(0.5)),
        (TermFilter(field="brand", values=("Hidewell",)), pytest.approx(-0.2)),
    ]


def test_a_filter_is_never_given_up():
    plan = applied("case =>\n  FILTER: * brand:Hidewell", "case")
    assert plan.filters == (TermFilter(field="brand", values=("Hidewell",)),)
    assert plan.inferred_filters == ()


def test_words_are_deleted_and_replaced():
    assert applied("cheap phone =>\n  DELETE: cheap", "cheap phone").text == "phone"
    assert applied("mobile =>\n  REPLACE: phone", "red mobile").text == "red phone"


def test_a_query_is_never_deleted_whole():
    assert applied("phone =>\n  DELETE", "phone").text == "phone"


def test_decorations_are_handed_on():
    assert applied("faq =>\n  DECORATE: REDIRECT /faq", "faq").decorations == ("REDIRECT /faq",)


@pytest.mark.parametrize(
    ("rule_input", "text", "matches"),
    [
        ("phone case", "red phone case", True),
        ("phone case", "phone red case", False),
        ('"phone case"', "phone case", True),
        ('"phone case"', "red phone case", False),
        ('"phone', "phone case", True),
        ('phone"', "phone case", False),
        ('case"', "phone case", True),
        ("cas*", "phone cases", True),
        ("phone cas*", "phone casing", True),
        ("Phone", "PHONE", True),
        ("手机壳", "红色手机壳", True),
    ],
)
def test_an_input_matches_where_it_says(rule_input, text, matches):
    plan = applied(f"{rule_input} =>\n  DECORATE: found", text)
    assert (plan.decorations == ("found",)) is matches


def test_the_log_tells_which_rule_it_was():
    plan = applied("couch =>\n  SYNONYM: sofa\n  @_log: sofas are couches", "couch")
    assert plan.log[-1].message == "sofas are couches"


def test_a_changed_file_is_read_again_and_a_broken_one_is_not(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("a =>\n  SYNONYM: b\n")
    now = 0.0
    rules = RulesFile(path, clock=lambda: now)
    path.write_text("a =>\n  SYNONYM: b\nc =>\n  SYNONYM: d\n")
    assert len(rules.current()) == 1  # not looked at again yet
    now = 10.0
    assert len(rules.current()) == 2
    path.write_text("broken")
    os.utime(path, ns=(1, 1))
    now = 20.0
    assert len(rules.current()) == 2


def test_the_chain_refuses_a_broken_file_when_it_starts(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("SYNONYM: b")
    with pytest.raises(RulesError, match="line 1"):
        create_chain(QueryUnderstandingSettings(rules=path))


def test_rules_run_after_spelling(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("headset =>\n  SYNONYM: headphones\n")
    settings = QueryUnderstandingSettings(rules=path, budget_ms=60_000, unit_budget_ms=60_000)
    chain = create_chain(settings)
    assert chain.names.index("rules") == chain.names.index("spelling") + 1
    assert chain.run(QueryPlan.plain("hedset"), CATALOGUE).plan.variants == ("headphones",)
