"""Applies the rules whose input a query has."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import Unit, replaced, units, without
from query_understanding.rules.querqy_rules import QueryRule, RuleAction, RuleInstruction
from search_core import Boost, QueryPlan

_WEIGHT_OF_ONE = 0.1
"""Querqy's weights are factors of a query's score, typically up to 10: UP(10) doubles a score."""
_MOST_VARIANTS = 6
"""Rules are few and meant, so they may add more wordings than other rewriters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    rule: QueryRule
    start: int
    end: int


class RulesRewriter:
    """Synonyms, boosts, filters, deletions, replacements and decorations that the shop wrote."""

    name = "rules"

    def __init__(self, rules: Callable[[], tuple[QueryRule, ...]]) -> None:
        """Take what gives the rules as they are now."""
        self._rules = rules
        self._indexed: tuple[QueryRule, ...] | None = None
        self._by_first: dict[str, list[QueryRule]] = {}
        self._prefixes: list[QueryRule] = []

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Apply matching rules in the order of the file; see `Rewriter`."""
        del catalogue
        rules = self._rules()
        if rules is not self._indexed:
            self._index(rules)
        matches = sorted(self._matches(plan.text), key=lambda match: match.rule.line)
        for match in matches:
            for instruction in match.rule.instructions:
                plan = _applied(plan, instruction, match.rule)
            plan = plan.logged(self.name, match.rule.message)
        return plan

    def state(self) -> tuple[QueryRule, ...]:
        """Return the rules as they are now; see `ChangingRewriter`."""
        return self._rules()

    def _index(self, rules: tuple[QueryRule, ...]) -> None:
        by_first: defaultdict[str, list[QueryRule]] = defaultdict(list)
        for rule in rules:
            if not (rule.prefix and len(rule.words) == 1):
                by_first[rule.words[0]].append(rule)
        self._prefixes = [rule for rule in rules if rule.prefix and len(rule.words) == 1]
        self._by_first = by_first
        self._indexed = rules

    def _matches(self, text: str) -> Iterator[_Match]:
        found = units(text)
        seen: set[int] = set()
        for place, unit in enumerate(found):
            for rule in (*self._by_first.get(unit.text, ()), *self._prefixes):
                if rule.line not in seen and _fits(rule, found, place):
                    seen.add(rule.line)
                    last = found[place + len(rule.words) - 1]
                    yield _Match(rule=rule, start=unit.start, end=last.end)


def _fits(rule: QueryRule, found: tuple[Unit, ...], place: int) -> bool:
    there = [unit.text for unit in found[place : place + len(rule.words)]]
    if len(there) < len(rule.words):
        return False
    if rule.at_start and place > 0:
        return False
    if rule.at_end and place + len(rule.words) < len(found):
        return False
    *fixed, last = rule.words
    ends = there[-1].startswith(last) if rule.prefix else there[-1] == last
    return ends and there[:-1] == fixed


def _applied(plan: QueryPlan, instruction: RuleInstruction, rule: QueryRule) -> QueryPlan:
    action = instruction.action
    if action is RuleAction.DECORATE:
        return replace(plan, decorations=(*plan.decorations, instruction.text))
    if action is RuleAction.FILTER and instruction.filter is not None:
        # Not inferred: the shop said so, and it is never given up.
        return replace(plan, filters=(*plan.filters, instruction.filter))
    if action in (RuleAction.UP, RuleAction.DOWN) and instruction.filter is not None:
        sign = 1 if action is RuleAction.UP else -1
        weight = 1.0 if instruction.weight is None else instruction.weight
        boost = Boost(
            filter=instruction.filter,
            weight=sign * weight * _WEIGHT_OF_ONE,
            reason=f"rule {rule.id}: {instruction.text}",
        )
        return replace(plan, boosts=(*plan.boosts, boost))
    return _reworded(plan, instruction, rule)


def _reworded(plan: QueryPlan, instruction: RuleInstruction, rule: QueryRule) -> QueryPlan:
    if instruction.action is RuleAction.DELETE:
        place = _place_of(tuple(unit.text for unit in units(instruction.text)), plan.text)
        rest = plan.text if place is None else without(plan.text, [place])
        # A query that a rule leaves nothing of would show the whole shop.
        return replace(plan, text=rest) if rest else plan
    place = _place_of(rule.words, plan.text, prefix=rule.prefix)
    if place is None:
        return plan  # a rule before this one has changed the words
    other = replaced(plan.text, *place, instruction.text)
    if instruction.action is RuleAction.REPLACE:
        return replace(plan, text=other)
    if len(plan.variants) >= _MOST_VARIANTS:
        return plan
    return replace(plan, variants=(*plan.variants, other))


def _place_of(words: tuple[str, ...], text: str, *, prefix: bool = False) -> tuple[int, int] | None:
    found = units(text)
    for place in range(len(found) - len(words) + 1):
        there = tuple(unit.text for unit in found[place : place + len(words)])
        alike = prefix and there[:-1] == words[:-1] and there[-1].startswith(words[-1])
        if there == words or alike:
            return found[place].start, found[place + len(words) - 1].end
    return None
