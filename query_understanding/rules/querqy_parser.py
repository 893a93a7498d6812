"""Reads rules in Querqy's common-rules syntax, and says of each broken line what is wrong.

Source: the syntax is that of Querqy's Common Rules Rewriter (querqy.org). `REPLACE` is taken as an
instruction as well. What Querqy hands to the search engine as a raw query (`* brand:apple`) is read
as a filter on one field: `field:value`, `field:"two words"`, `field:[10 TO 50]`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from query_understanding.lexicon.product_words import unit_texts
from query_understanding.quantities.price_rewriter import says_a_price
from query_understanding.rules.querqy_rules import QueryRule, RuleAction, RuleInstruction
from search_core import Filter, RangeFilter, RulesError, TermFilter, TextFilter

_INPUT = re.compile(r"(?P<input>.+?)\s*=>\s*")
_INSTRUCTION = re.compile(
    r"(?P<action>[A-Za-z]+)\s*(?:\(\s*(?P<weight>[^)]*?)\s*\))?\s*(?::\s*(?P<text>.*))?"
)
_PROPERTY = re.compile(r"@(?P<key>[\w.-]+)\s*:\s*(?P<value>.+)")
_JSON_PROPERTIES = re.compile(r"@\{(?P<json>.*)\}@")
_FIELD = re.compile(r"\*\s*(?P<negated>-)?(?P<field>[\w.\- ]+?):(?P<value>.+)")
_RANGE = re.compile(r"\[\s*(?P<low>\S+)\s+TO\s+(?P<high>\S+)\s*\]", re.IGNORECASE)
_MOST_SHOWN = 10
_LOOKING = frozenset({RuleAction.UP, RuleAction.DOWN, RuleAction.FILTER})


@dataclass(slots=True)
class _Draft:
    line: int
    input: str
    instructions: list[RuleInstruction] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    is_broken: bool = False
    """A line below it is named already."""


def read_rules(path: Path) -> tuple[QueryRule, ...]:
    """Read a file of rules.

    Raises:
        RulesError: there is no such file, it is no UTF-8, or lines cannot be read; each is named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise RulesError(f"there is no file of rules {path}") from error
    except UnicodeDecodeError as error:
        raise RulesError(f"{path} is not UTF-8: {error.reason}") from error
    return parse_rules(text, str(path))


def parse_rules(text: str, name: str = "the rules") -> tuple[QueryRule, ...]:
    """Read rules.

    Args:
        text: of the file.
        name: what messages call it.

    Raises:
        RulesError: lines that cannot be read; all of them are named.
    """
    problems: list[tuple[int, str]] = []
    drafts: list[_Draft] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            _read_line(line, number, drafts)
        except _LineError as problem:
            problems.append((number, f"line {number}: {line!r} {problem}"))
            if drafts:
                drafts[-1].is_broken = True
    rules = list(_rules(drafts, problems))
    if problems:
        shown = "; ".join(said for _, said in sorted(problems)[:_MOST_SHOWN])
        more = len(problems) - _MOST_SHOWN
        raise RulesError(
            f"{name}: {shown}{f'; and {more} more' if more > 0 else ''}",
            remedy="docs/query_understanding.md shows the syntax",
        )
    return tuple(rules)


def conflicts(rules: tuple[QueryRule, ...]) -> tuple[str, ...]:
    """Return what contradicts itself or comes to nothing.

    One id twice, one input twice, the same thing up and down, an input that is taken for a price.
    """
    ids = Counter(rule.id for rule in rules)
    inputs = Counter((rule.words, rule.at_start, rule.at_end, rule.prefix) for rule in rules)
    said = [f"the id {each!r} is given {count} times" for each, count in ids.items() if count > 1]
    for (words, *_), count in inputs.items():
        if count > 1:
            lines = ", ".join(str(rule.line) for rule in rules if rule.words == words)
            said.append(f"the input {' '.join(words)!r} stands on lines {lines}")
    for rule in rules:
        up = {each.filter for each in rule.instructions if each.action is RuleAction.UP}
        down = {each.filter for each in rule.instructions if each.action is RuleAction.DOWN}
        if up & down:
            said.append(f"line {rule.line}: {rule.input!r} moves the same products up and down")
        if says_a_price(" ".join(rule.words)):
            said.append(
                f"line {rule.line}: {rule.input!r} has words that are taken for a price before "
                f"rules are looked up, unless query_understanding.price is off"
            )
    return tuple(said)


class _LineError(Exception):
    """What is wrong with a line; the number is added by who reads the lines."""


def _rules(drafts: list[_Draft], problems: list[tuple[int, str]]) -> Iterator[QueryRule]:
    for draft in drafts:
        where = f"line {draft.line}: {draft.input!r}"
        inner = draft.input.strip('"').removesuffix("*")
        words = tuple(unit_texts(inner))
        if not words:
            problems.append((draft.line, f"{where} has no words"))
        elif not draft.instructions:
            if not draft.is_broken:
                problems.append((draft.line, f"{where} has no instruction below it"))
        else:
            yield QueryRule(
                line=draft.line,
                input=draft.input,
                words=words,
                at_start=draft.input.startswith('"'),
                at_end=len(draft.input) > 1 and draft.input.endswith('"'),
                prefix=draft.input.rstrip('"').endswith("*"),
                instructions=tuple(draft.instructions),
                properties=tuple(draft.properties.items()),
            )


def _read_line(line: str, number: int, drafts: list[_Draft]) -> None:
    started = _INPUT.fullmatch(line)
    if started:
        drafts.append(_Draft(line=number, input=started["input"]))
    elif not drafts:
        raise _LineError("stands before any input (`words =>`)")
    else:
        _read_inner_line(line, drafts[-1])


def _read_inner_line(line: str, draft: _Draft) -> None:
    as_json = _JSON_PROPERTIES.fullmatch(line)
    if as_json:
        try:
            found = orjson.loads(f"{{{as_json['json']}}}")
        except orjson.JSONDecodeError as error:
            raise _LineError(f"is no JSON: {error}") from error
        draft.properties.update({key: str(value) for key, value in found.items()})
        return
    named = _PROPERTY.fullmatch(line)
    if named:
        draft.properties[named["key"]] = named["value"].strip().strip('"')
        return
    draft.instructions.append(_instruction(line, draft.input))


def _instruction(line: str, rule_input: str) -> RuleInstruction:
    match = _INSTRUCTION.fullmatch(line)
    try:
        action = RuleAction((match["action"] if match else "").upper())
    except ValueError:
        known = ", ".join(RuleAction)
        raise _LineError(
            f"is no instruction; there are {known} (and an input ends with =>)"
        ) from None
    text = (match["text"] or "").strip() if match else ""
    if action is RuleAction.DELETE and not text:
        text = rule_input.strip('"').removesuffix("*")  # Querqy deletes the input then
    if not text:
        raise _LineError(f"says nothing after {action}:")
    return RuleInstruction(
        action=action,
        text=text,
        weight=_weight(match["weight"] if match else None, action),
        filter=_filter(text, action) if action in _LOOKING else None,
    )


def _weight(written: str | None, action: RuleAction) -> float | None:
    if not written:
        return None
    if action is RuleAction.DECORATE:
        return None  # the parentheses hold the decoration's key
    try:
        weight = float(written)
    except ValueError:
        raise _LineError(f"has {written!r} where a number belongs") from None
    if not 0 <= weight < float("inf"):
        raise _LineError(f"has a weight of {written}, which is no number from 0 on")
    return weight


def _filter(text: str, action: RuleAction) -> Filter:
    by_field = _FIELD.fullmatch(text)
    if by_field is None:
        if text.startswith("*"):
            raise _LineError(
                "has a raw query that is not `* field:value`; in the name of a field write _ for "
                "other signs"
            )
        negated = text.startswith("-") and action is RuleAction.FILTER
        return TextFilter(phrases=(text.removeprefix("-").strip(),), negated=negated)
    value = by_field["value"].strip()
    in_range = _RANGE.fullmatch(value)
    if in_range is None:
        return TermFilter(
            field=by_field["field"].strip(),
            values=(value.strip('"'),),
            negated=by_field["negated"] is not None,
        )
    if by_field["negated"]:
        raise _LineError("negates a range; turn its bounds round instead")
    return RangeFilter(
        field=by_field["field"].strip(),
        at_least=_bound(in_range["low"]),
        at_most=_bound(in_range["high"]),
    )


def _bound(written: str) -> float | None:
    if written == "*":
        return None
    try:
        return float(written)
    except ValueError:
        raise _LineError(f"has {written!r} where a bound of a range belongs") from None
