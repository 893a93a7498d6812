"""Joins and splits words as the catalogue does: `head set` ↔ `headset`."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import Unit, replaced, units
from query_understanding.spelling.general_words import english_words
from search_core import QueryPlan

_SURE = 5
"""The catalogue writes it one way this many times as often: then that way replaces the other."""
_MOST_VARIANTS = 3
"""Each wording is another clause of each BM25 leg."""
_SHORTEST_JOINED = 5
_SHORTEST_PART = 2
"""Letters; so short ones only where titles have the two parts side by side."""
_MODEL = re.compile(r"([a-z]{2,})(\d{2,})")
_FAMILIAR = 3
"""Products that a word needs before an unknown word is taken apart into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rewording:
    start: int
    end: int
    was: str
    becomes: str
    sure: bool


class CompoundRewriter:
    """Where the catalogue writes both ways, the other becomes a variant; else it replaces."""

    name = "compounds"

    def __init__(self, general_words: Callable[[], AbstractSet[str]] = english_words) -> None:
        """Take the words that are whole although the catalogue lacks them."""
        self._general_words = general_words

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Join and split; see `Rewriter`."""
        lexicon = catalogue.lexicon
        found = _not_overlapping(
            [*_joins(plan.text, lexicon), *_splits(plan.text, catalogue, self._general_words())]
        )
        text = plan.text
        for each in sorted(found, key=lambda each: -each.start):
            if each.sure:
                text = replaced(text, each.start, each.end, each.becomes)
                plan = plan.logged(self.name, f"{each.was!r} is searched as {each.becomes!r}")
        unsure = [each for each in found if not each.sure]
        if text != plan.text:
            # The places in the text have moved; the sure rewordings matter more.
            return replace(plan, text=text)
        return self._with_variants(plan, unsure)

    def _with_variants(self, plan: QueryPlan, found: list[_Rewording]) -> QueryPlan:
        room = _MOST_VARIANTS - len(plan.variants)
        for each in found[: max(room, 0)]:
            variant = replaced(plan.text, each.start, each.end, each.becomes)
            plan = replace(plan, variants=(*plan.variants, variant)).logged(
                self.name, f"{each.becomes!r} matches as well as {each.was!r}"
            )
        return plan


def _joins(text: str, lexicon: Lexicon) -> Iterator[_Rewording]:
    for first, second in pairwise(units(text)):
        joined = first.text + second.text
        together = lexicon.words.get(joined, 0)
        if not together or len(joined) < _SHORTEST_JOINED or not _only_space(text, first, second):
            continue
        if not (first.is_word and second.is_word):
            continue
        known = lexicon.joinables.get(joined)
        apart = 0
        if known is not None and (known.first, known.second) == (first.text, second.text):
            apart = known.apart_count
        yield _Rewording(
            start=first.start,
            end=second.end,
            was=text[first.start : second.end],
            becomes=joined,
            sure=together >= _SURE * max(apart, 1),
        )


def _splits(
    text: str, catalogue: KnownCatalogue, general_words: AbstractSet[str]
) -> Iterator[_Rewording]:
    lexicon = catalogue.lexicon
    for unit in units(text):
        known = lexicon.joinables.get(unit.text)
        model = _MODEL.fullmatch(unit.text)
        parts: str | None = None
        if known is not None:
            parts = f"{known.first} {known.second}"
        elif model is not None and all(map(lexicon.knows, model.groups())):
            parts = " ".join(model.groups())
        elif unit.is_word and not lexicon.knows(unit.text) and unit.text not in general_words:
            parts = (
                None
                if _is_misspelt(unit.text, catalogue)
                else _best_split(unit.text, lexicon, general_words)
            )
        if parts is not None:
            yield _Rewording(
                start=unit.start,
                end=unit.end,
                was=text[unit.start : unit.end],
                becomes=parts,
                # A model number without its space may as well be a code.
                sure=unit.is_word and not lexicon.knows(unit.text),
            )


def _is_misspelt(word: str, catalogue: KnownCatalogue) -> bool:
    """Say whether a familiar word is one edit away: `notbook` is no `not book`."""
    words = catalogue.lexicon.words
    return any(words[near] >= _FAMILIAR for near, _ in catalogue.near_words.within(word, 1))


def _best_split(word: str, lexicon: Lexicon, general_words: AbstractSet[str]) -> str | None:
    """Return an unknown word as two familiar ones, or `None`: names fall apart by chance.

    The rarer part decides between splits: `laptop bag` before `lap topbag`.
    """
    splits = (
        (word[:place], word[place:])
        for place in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    )
    weighed = [
        (min(lexicon.words.get(first, 0), lexicon.words.get(second, 0)), f"{first} {second}")
        for first, second in splits
        if f"{first} {second}" in lexicon.pairs
        or (min(len(first), len(second)) > _SHORTEST_PART and {first, second} <= general_words)
    ]
    count, parts = max(weighed, default=(0, ""))
    return parts if count >= _FAMILIAR else None


def _only_space(text: str, first: Unit, second: Unit) -> bool:
    return text[first.end : second.start].strip(" -") == ""


def _not_overlapping(found: list[_Rewording]) -> list[_Rewording]:
    """Keep the sure ones before the unsure, and the first of those that overlap."""
    kept: list[_Rewording] = []
    for each in sorted(found, key=lambda each: (not each.sure, each.start)):
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return kept
