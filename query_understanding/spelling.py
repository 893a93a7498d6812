"""Corrects what the catalogue does not have to what it has, when that is sure enough."""

import math
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from query_understanding.edit_cost import edit_cost
from query_understanding.general_words import english_words
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon import Lexicon
from query_understanding.product_words import Unit, fold, is_cjk, replaced, singular, units
from search_core import QueryPlan

_SHORTEST_CORRECTED = 4
_SHORTEST_TWO_EDITS = 6
_EDIT_PENALTY = 4.0
"""In natural logarithms: a correction one edit further has to be e⁴ = 55 times as frequent."""
_NEIGHBOUR_WEIGHT = 1.0
"""Words that titles have side by side were meant side by side."""
_SURE_MARGIN = 1.0
"""The best correction has to be e times as likely as the next to be searched at once."""
_SHORT = 5
"""Letters up to which an ordinary edit makes another name."""
_SLIP = 0.7
_LONG = 8
"""Letters from which two edits still leave a word that is recognised."""
_TWO_SLIPS = 2.0
_MOST_VARIANTS = 3
_MOST_CORRECTED = 3
"""Words of one query: where more are unknown, the query is in another language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Correction:
    start: int
    end: int
    becomes: str
    sure: bool


class SpellingRewriter:
    """Corrects unknown words of letters; brands, codes and known words are never touched."""

    name = "spelling"

    def __init__(self, general_words: Callable[[], AbstractSet[str]] = english_words) -> None:
        """Take the words that are right although the catalogue lacks them."""
        self._general_words = general_words

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Correct, or suggest; see `Rewriter`."""
        if catalogue.lexicon.is_empty:
            return plan
        before = plan.text
        found = [*self._words(before, catalogue), *_homophones(before, catalogue)]
        sure = [each for each in found if each.sure]
        if sure:
            corrected = _corrected(plan.text, sure)
            plan = replace(plan, text=corrected).logged(
                self.name, f"{plan.text!r} is searched as {corrected!r}"
            )
        if len(sure) == len(found):
            return plan
        # Places in the text are those of `found`, so all corrections are made at once.
        return self._suggested(plan, _corrected(before, found))

    def _suggested(self, plan: QueryPlan, suggestion: str) -> QueryPlan:
        """Search both: the word may be a name that the catalogue lacks."""
        plan = replace(plan, suggestion=suggestion)
        if len(plan.variants) < _MOST_VARIANTS:
            plan = replace(plan, variants=(*plan.variants, suggestion))
        return plan.logged(self.name, f"did you mean {suggestion!r}? It matches as well")

    def _words(self, text: str, catalogue: KnownCatalogue) -> Iterator[_Correction]:
        found = units(text)
        unknown = [place for place, each in enumerate(found) if self._is_unknown(each, catalogue)]
        if len(unknown) > _MOST_CORRECTED:
            return
        words = [each.text for each in found]
        for place in unknown:
            correction = _best_correction(found[place], _beside(words, place), catalogue)
            if correction is not None:
                words[place] = correction.becomes
                yield correction

    def _is_unknown(self, unit: Unit, catalogue: KnownCatalogue) -> bool:
        return _may_be_misspelt(unit, catalogue.lexicon) and unit.text not in self._general_words()


def _beside(words: list[str], place: int) -> tuple[str | None, str | None]:
    before = words[place - 1] if place > 0 else None
    after = words[place + 1] if place + 1 < len(words) else None
    return before, after


def _may_be_misspelt(unit: Unit, lexicon: Lexicon) -> bool:
    return (
        unit.is_word
        and len(unit.text) >= _SHORTEST_CORRECTED
        and not lexicon.knows(unit.text)
        and not lexicon.knows(singular(unit.text))
        and not lexicon.knows(f"{unit.text}s")
    )


def _best_correction(
    unit: Unit, beside: tuple[str | None, str | None], catalogue: KnownCatalogue
) -> _Correction | None:
    edits = 2 if len(unit.text) >= _SHORTEST_TWO_EDITS else 1
    ranked = sorted(
        (
            (_likelihood(unit.text, word, beside, catalogue.lexicon), word)
            for word, _ in catalogue.near_words.within(unit.text, edits)
        ),
        key=lambda scored: (-scored[0], scored[1]),
    )
    if not ranked:
        spelt = catalogue.homophones.spelt(unit.text)
        if spelt is None:
            return None
        return _Correction(start=unit.start, end=unit.end, becomes=spelt, sure=True)
    best_score, best = ranked[0]
    # A plural beside its singular is no rival.
    rivals = [score for score, word in ranked[1:] if singular(word) != singular(best)]
    clear = not rivals or best_score - rivals[0] >= _SURE_MARGIN
    sure = clear and _is_slip(unit.text, best)
    return _Correction(start=unit.start, end=unit.end, becomes=best, sure=sure)


def _is_slip(typed: str, meant: str) -> bool:
    """Say whether a word is so near that it was hardly a name of its own.

    `latp` and `lsmp` are both one edit from `lamp`; only the second, a neighbouring key, is a slip.
    """
    if typed[0] != meant[0]:
        return False
    cost = edit_cost(typed, meant)
    if len(typed) <= _SHORT:
        return cost <= _SLIP
    return cost <= 1.0 or (len(typed) >= _LONG and cost <= _TWO_SLIPS)


def _likelihood(
    typed: str, word: str, beside: tuple[str | None, str | None], lexicon: Lexicon
) -> float:
    """Return the logarithm of how likely a word was meant, up to a constant."""
    before, after = beside
    side_by_side = max(
        lexicon.pairs.get(f"{before} {word}", 0), lexicon.pairs.get(f"{word} {after}", 0)
    )
    return (
        math.log1p(lexicon.words[word])
        + _NEIGHBOUR_WEIGHT * math.log1p(side_by_side)
        - _EDIT_PENALTY * edit_cost(typed, word)
    )


def _homophones(text: str, catalogue: KnownCatalogue) -> Iterator[_Correction]:
    """Correct two characters that the catalogue never has side by side but knows by sound."""
    place = 0
    while place < len(text) - 1:
        pair = fold(text[place : place + 2])
        meant = None
        if len(pair) == 2 and is_cjk(pair[0]) and is_cjk(pair[1]):
            meant = catalogue.homophones.meant_by(pair)
        if meant is None:
            place += 1
            continue
        yield _Correction(start=place, end=place + 2, becomes=meant, sure=True)
        place += 2


def _corrected(text: str, corrections: list[_Correction]) -> str:
    for each in sorted(corrections, key=lambda each: -each.start):
        text = replaced(text, each.start, each.end, each.becomes)
    return text
