"""Edits of a query's text, by the units in which it is compared with the catalogue."""

from collections.abc import Sequence
from itertools import pairwise

from search_core import Unit, fold, is_cjk, phrase_key, phrase_of, singular, unit_texts, units

__all__ = [
    "Unit",
    "cjk_pairs",
    "fold",
    "is_cjk",
    "phrase_key",
    "phrase_of",
    "replaced",
    "singular",
    "unit_texts",
    "units",
    "without",
]


def cjk_pairs(text: str) -> list[str]:
    """Return each two Chinese, Japanese or Korean characters that stand side by side."""
    if text.isascii():
        return []
    return [
        fold(first + second) for first, second in pairwise(text) if is_cjk(first) and is_cjk(second)
    ]


def replaced(text: str, start: int, end: int, replacement: str) -> str:
    """Return the text with one stretch replaced, and white space tidied around it."""
    return " ".join(f"{text[:start]}{replacement}{text[end:]}".split())


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the text without some stretches; each leaves a space, so that no words grow together.

    Args:
        text: any text.
        spans: start and end of each stretch, in any order, not overlapping.
    """
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())
