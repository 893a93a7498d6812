"""Adds accepted synonyms to a shop's file of rules."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from query_understanding.lexicon.product_words import unit_texts
from query_understanding.rules.querqy_parser import parse_rules
from query_understanding.rules.querqy_rules import QueryRule, RuleAction


def accept_synonyms(path: Path, pairs: Sequence[tuple[str, str]]) -> int:
    """Add synonyms, in both directions, to a file of rules that may not exist yet.

    A term that has a rule gets one more line there, any other a rule at the end. What the file has
    already is not added again. The file is replaced as a whole, so that a process that reads it
    meanwhile never sees half of it.

    Args:
        path: of the rules.
        pairs: term and synonym.

    Returns:
        How many synonyms were added.

    Raises:
        RulesError: the file has broken lines, or a synonym has no words; nothing is written.
    """
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    rules = parse_rules(text, str(path))
    known = _synonyms(rules)
    wanted: dict[str, list[str]] = {}
    for term, synonym in pairs:
        for one, other in ((term, synonym), (synonym, term)):
            key = (tuple(unit_texts(one)), other.casefold())
            if key not in known:
                known.add(key)
                wanted.setdefault(one, []).append(other)
    if wanted:
        changed = _with_synonyms(text, rules, wanted)
        parse_rules(changed, str(path))
        _replace(path, changed)
    return sum(map(len, wanted.values()))


def _with_synonyms(
    text: str, rules: Sequence[QueryRule], wanted: Mapping[str, Sequence[str]]
) -> str:
    lines = text.rstrip().splitlines()
    there = {
        rule.words: rule.line for rule in rules if not (rule.at_start or rule.at_end or rule.prefix)
    }
    inserted: list[tuple[int, str]] = []
    for term, synonyms in wanted.items():
        below = there.get(tuple(unit_texts(term)))
        written = [f"  SYNONYM: {each}" for each in synonyms]
        if below is None:
            lines += [*([""] if lines else []), f"{term} =>", *written]
        else:
            inserted += [(below, each) for each in written]
    for line, each in sorted(inserted, reverse=True):
        lines.insert(line, each)
    return "\n".join(lines) + "\n"


def _synonyms(rules: Sequence[QueryRule]) -> set[tuple[tuple[str, ...], str]]:
    return {
        (rule.words, each.text.casefold())
        for rule in rules
        for each in rule.instructions
        if each.action is RuleAction.SYNONYM
    }


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(name).chmod(path.stat().st_mode & 0o777)
        else:
            Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
