"""Takes the word that names an attribute out with its range: `16 GB of RAM`, 重量不超过50克."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from query_understanding.lexicon.product_words import is_cjk

_OF = re.compile(r"\s+(?:of|in)\s+", re.IGNORECASE)
_BEHIND = re.compile(r"[\s-]*(?:\b(?:of|in)\s+|的)?", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\b(?:of|is)\b|[:：为是在])?\s*$", re.IGNORECASE)
_WORD_BEHIND = re.compile(r"[^\W_]+")
_WORD_BEFORE = re.compile(r"(?<![\w-])[^\W_]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeNames:
    """Words of the names of the attributes that a range is of, in lower case."""

    heads: frozenset[str]
    """What is measured: `weight` of `net_weight`."""
    parts: frozenset[str]
    """All of them: read behind `of` and `in`."""


def with_its_name(
    text: str, span: tuple[int, int], names: RangeNames, names_a_kind: Callable[[str], bool]
) -> tuple[int, int]:
    """Return where a range stands with the word beside it that names its attribute.

    Args:
        text: of the query.
        span: where the range begins and ends.
        names: of the attribute.
        names_a_kind: says of a word whether a kind of product is called so: `coffee under 500 g`
            stays coffee, whatever `coffee_weight` is called.
    """
    start, end = span
    behind = _BEHIND.match(text, end)
    at = behind.end() if behind else end
    said = _WORD_BEHIND.match(text, at)
    word = _name(said, names.parts, str.startswith) if _OF.match(text, end) else ""
    word = word or _name(said, names.heads, str.startswith, names_a_kind)
    if word:
        return start, at + len(word)
    until = _BEFORE.search(text[:start])
    at = len(text[: until.start()].rstrip()) if until else start
    word = _name(_WORD_BEFORE.search(text[:at]), names.heads, str.endswith, names_a_kind)
    return (at - len(word), end) if word else span


def _name(
    said: re.Match[str] | None,
    names: frozenset[str],
    stands_there: Callable[[str, str], bool],
    names_a_kind: Callable[[str], bool] = lambda _: False,
) -> str:
    """Return which name a word is; in a text without spaces, which stands at its near end."""
    if said is None:
        return ""
    word = said[0].casefold()
    found = [
        each
        for each in names
        if (each == word or (is_cjk(each) and stands_there(word, each))) and not names_a_kind(each)
    ]
    return max(found, key=len, default="")
