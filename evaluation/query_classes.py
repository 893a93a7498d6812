"""Kinds of queries: what helps one kind may hurt another."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from evaluation.judgments import JudgedQuery
from evaluation.run import Run

_UNSPACED_SCRIPTS = frozenset({"han", "hiragana", "katakana", "thai", "lao", "khmer", "myanmar"})
_CHARACTERS_A_WORD = 2
"""Of scripts without spaces: most Chinese words have two characters."""
_HAN_BLOCKS = "CJK"
_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])\S{4,}|\d{8,}")
"""Letters and digits in one word (a model number), or the digits of an EAN."""
_HEAD_SHARE = 0.5
"""Queries that together make up this share of all searches are the head."""


class Dimension(StrEnum):
    """By what queries are told apart."""

    LENGTH = "length"
    SCRIPT = "script"
    LANGUAGE = "language"
    """Only when a system says."""
    INTENT = "intent"
    """Only when a system says what shoppers are after."""
    CODE = "code"
    FILTER = "filter"
    DEMAND = "demand"
    """Only when every query has a frequency."""


def query_classes(
    queries: Sequence[JudgedQuery], runs: Sequence[Run] = ()
) -> Mapping[Dimension, Mapping[str, tuple[JudgedQuery, ...]]]:
    """Sort queries into classes, each query into one of every dimension.

    Args:
        queries: those that are measured.
        runs: of systems that may say the language and intent of queries; the first that does
            counts for all.

    Returns:
        Dimension → class → its queries; dimensions with a single class are left out, since that
        class is all queries.
    """
    classes = {
        Dimension.LENGTH: {query: _length(query) for query in queries},
        Dimension.SCRIPT: {query: _script(query.text) for query in queries},
        Dimension.LANGUAGE: _told(queries, runs, "language"),
        Dimension.INTENT: _told(queries, runs, "intent"),
        Dimension.CODE: {query: _code(query.text) for query in queries},
        Dimension.FILTER: {
            query: "with a filter" if query.filters else "without a filter" for query in queries
        },
        Dimension.DEMAND: _demand(queries),
    }
    grouped = {dimension: _grouped(found) for dimension, found in classes.items()}
    return {dimension: found for dimension, found in grouped.items() if len(found) > 1}


def _told(queries: Sequence[JudgedQuery], runs: Sequence[Run], what: str) -> dict[JudgedQuery, str]:
    """Return what the first system that says it of any query says of each."""
    for run in runs:
        answers = {query: run.answers.get(query.key) for query in queries}
        classes = {query: getattr(answer, what, None) for query, answer in answers.items()}
        if any(classes.values()):
            return {query: name or "not told" for query, name in classes.items()}
    return {}


def _grouped(classes: Mapping[JudgedQuery, str]) -> dict[str, tuple[JudgedQuery, ...]]:
    grouped: dict[str, list[JudgedQuery]] = {}
    for query, name in classes.items():
        grouped.setdefault(name, []).append(query)
    return {name: tuple(grouped[name]) for name in sorted(grouped)}


def _length(query: JudgedQuery) -> str:
    words = word_count(query.text)
    return {0: "no words", 1: "1 word", 2: "2 words", 3: "3 words"}.get(words, "4 words or more")


def word_count(text: str) -> int:
    """Count words; two characters of a script without spaces between words count as one."""
    words = 0
    for part in text.split():
        unspaced = sum(_script_of(character) in _UNSPACED_SCRIPTS for character in part)
        words += math.ceil(unspaced / _CHARACTERS_A_WORD) + (unspaced < len(part))
    return words


def _script(text: str) -> str:
    scripts = sorted({_script_of(each) for each in text if each.isalpha()})
    return " and ".join(scripts) or "no letters"


def _script_of(character: str) -> str:
    name = unicodedata.name(character, "").split(" ")[0]
    if name.startswith(_HAN_BLOCKS):
        return "han"
    return name.removesuffix("-HIRAGANA").removeprefix("FULLWIDTH-").lower()


def _code(text: str) -> str:
    if _CODE.search(text):
        return "with a code"
    return "with a number" if any(each.isdigit() for each in text) else "words only"


def _demand(queries: Sequence[JudgedQuery]) -> dict[JudgedQuery, str]:
    frequencies = {query: query.frequency for query in queries if query.frequency is not None}
    total = sum(frequencies.values())
    if len(frequencies) < len(queries) or total <= 0:
        return {}
    classes: dict[JudgedQuery, str] = {}
    before = 0.0
    for query in sorted(queries, key=lambda each: (-frequencies[each], each.key)):
        classes[query] = "head" if before < _HEAD_SHARE * total else "tail"
        before += frequencies[query]
    return {query: classes[query] for query in queries}
