from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_understanding import RuleAction, conflicts, parse_rules, read_rules
from search_core import RangeFilter, RulesError, TermFilter, TextFilter

RULES = """
# what shoppers call it
notebook =>
  SYNONYM: laptop
  SYNONYM(0.5): portable computer
  UP(10): asus
  DOWN(2): * product_type:"Notebook case"
  @_id: "notebooks"
  @_log: "laptops are notebooks"

"ink" =>
  FILTER: * price:[5 TO 50]
  FILTER: -refill
  @{ "tenant": "uk", "priority": 5 }@

cheap phone =>
  DELETE: cheap
sofa* =>
  REPLACE: couch
"returns =>
  DECORATE: REDIRECT /returns
old stock => DELETE: stock
""".replace("old stock => DELETE: stock\n", "old stock =>\n  DELETE\n")


def test_a_file_in_querqys_syntax_is_read():
    notebook, ink, cheap, sofa, returns, old = parse_rules(RULES)
    assert [each.action for each in notebook.instructions] == [
        RuleAction.SYNONYM, RuleAction.SYNONYM, RuleAction.UP, RuleAction.DOWN,
    ]  # fmt: skip
    assert (notebook.id, notebook.message) == ("notebooks", "laptops are notebooks")
    assert notebook.instructions[1].weight == 0.5
    assert notebook.instructions[2].filter == TextFilter(phrases=("asus",))
    assert notebook.instructions[3].filter == TermFilter(
        field="product_type", values=("Notebook case",)
    )
    assert (ink.at_start, ink.at_end) == (True, True)
    assert [each.filter for each in ink.instructions] == [
        RangeFilter(field="price", at_least=5, at_most=50),
        TextFilter(phrases=("refill",), negated=True),
    ]
    assert dict(ink.properties) == {"tenant": "uk", "priority": "5"}
    assert cheap.instructions[0].text == "cheap"
    assert (sofa.prefix, sofa.words) == (True, ("sofa",))
    assert (returns.at_start, returns.at_end) == (True, False)
    assert old.instructions[0].text == "old stock"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SYNONYM: laptop", "line 1: 'SYNONYM: laptop' stands before any input"),
        ("a =>\n  SINONYM: b", "line 2: 'SINONYM: b' is no instruction; there are SYNONYM"),
        ("a =>\n  UP(much): b", "line 2: .* has 'much' where a number belongs"),
        ("a =>\n  UP(-1): b", "no number from 0 on"),
        ("a =>\n  SYNONYM:", "says nothing after SYNONYM"),
        ("a =>", "line 1: 'a' has no instruction below it"),
        ("... =>\n  SYNONYM: b", "line 1: '...' has no words"),
        ("a =>\n  FILTER: * brand", "a raw query that is not `\\* field:value`"),
        ("a =>\n  UP: * price:[x TO 5]", "has 'x' where a bound of a range belongs"),
        ("a =>\n  @{ nonsense }@\n  UP: b", "line 2: .* is no JSON"),
    ],
)
def test_a_broken_line_is_named_with_its_number(text, said):
    with pytest.raises(RulesError, match=said):
        parse_rules(text)


def test_all_broken_lines_are_named_at_once():
    with pytest.raises(RulesError, match=r"line 2.*line 3"):
        parse_rules("a =>\n  X: b\n  Y: c")


def test_broken_lines_are_named_in_their_order_and_only_once():
    text = "a =>\n  UP(x): b\nc =>\nd =>\n  X: e\n"
    with pytest.raises(RulesError) as caught:
        parse_rules(text)
    numbers = [each.split(":")[0] for each in caught.value.message.split("; line ")]
    assert numbers[1:] == ["3", "5"]  # 1 and 4 have a line below them that is named
    assert caught.value.message.startswith("the rules: line 2: 'UP(x): b'")


@pytest.mark.parametrize("said", ["cheap", "cheap phone", "phone under 50"])
def test_an_input_that_is_taken_for_a_price_is_told(said):
    (told,) = conflicts(parse_rules(f"{said} =>\n  SYNONYM: offer\n"))
    assert told.startswith(f"line 1: '{said}' has words that are taken for a price")


def test_an_instruction_is_shown_with_its_weight():
    (rule,) = parse_rules("a =>\n  UP(5): * brand:b\n  SYNONYM: c\n")
    assert [each.written for each in rule.instructions] == ["UP(5): * brand:b", "SYNONYM: c"]


def test_what_contradicts_itself_is_found():
    rules = parse_rules("a =>\n  UP: b\n  DOWN: b\n  @_id: one\nA =>\n  SYNONYM: c\n  @_id: one\n")
    assert conflicts(rules) == (
        "the id 'one' is given 2 times",
        "the input 'a' stands on lines 1, 5",
        "line 1: 'a' moves the same products up and down",
    )


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RulesError, match=r"rules\.txt"):
        read_rules(tmp_path / "rules.txt")


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text):
    with suppress(RulesError):
        for rule in parse_rules(text):
            assert rule.words
            assert rule.instructions
