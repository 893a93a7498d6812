"""Corrects what the catalogue does not have to what it has, when that is sure enough."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from query_understanding.edit_cost import edit_cost
from query_understanding.general_words import english_words
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon import Lexicon
from query_understanding.product_words import Unit, fold, is_cjk, replaced, singular, units
from query_understanding.word_boundaries import respaced
from query_understanding.word_likelihood import log_likelihood
from search_core import QueryPlan

_SHORTEST_CORRECTED = 3
_SHORTEST_GENERAL = 4
_SHORTEST_TWO_EDITS = 5
_SURE_MARGIN = 1.0
"""The best correction has to be e times as likely as the next to be searched at once."""
_RIVAL_MARGIN = 1.5
"""A correction up to e^1.5 = 4.5 times less likely than the best is searched beside it."""
_MOST_RIVALS = 2
_SHORT = 5
"""Letters up to which an ordinary edit makes another name."""
_SLIP = 0.7
_LONG = 8
"""Letters from which two edits still leave a word that is recognised."""
_TWO_SLIPS = 2.0
_SUPPORTED = 2
"""Titles that have the correction together with another word of the query: then it was meant."""
_COMMON = 20
"""Titles that have a word, from which a rare word of the language may be a slip for it."""
_MOST_VARIANTS = 3
_MOST_CORRECTED = 3
"""Words of one query: where more are unknown, the query is in another language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Correction:
    start: int
    end: int
    becomes: str
    sure: bool
    unknown: bool = False
    """Neither the catalogue nor the language has what was typed."""
    others: tuple[str, ...] = ()
    """Hardly less likely than the best, where that is not sure."""


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
        plan = self._suggested(plan, _corrected(before, found))
        plan = _with_rivals(plan, before, found)
        unknown = [each for each in found if each.sure or each.unknown]
        return replace(plan, dense_text=_corrected(before, unknown)) if unknown else plan

    def _suggested(self, plan: QueryPlan, suggestion: str) -> QueryPlan:
        """Search both: the word may be a name that the catalogue lacks."""
        plan = replace(plan, suggestion=suggestion)
        if len(plan.variants) < _MOST_VARIANTS:
            plan = replace(plan, variants=(*plan.variants, suggestion))
        return plan.logged(self.name, f"did you mean {suggestion!r}? It matches as well")

    def _words(self, text: str, catalogue: KnownCatalogue) -> Iterator[_Correction]:
        found = units(text)
        general = self._general_words()
        spaces = [
            _Correction(start=each.start, end=each.end, becomes=each.becomes, sure=each.sure)
            for each in respaced(text, found, catalogue, general)
        ]
        yield from spaces
        suspects = [
            place
            for place, each in enumerate(found)
            if _may_be_misspelt(each, catalogue.lexicon)
            and not any(space.start <= each.start < space.end for space in spaces)
        ]
        unknown = [place for place in suspects if found[place].text not in general]
        if len(unknown) > _MOST_CORRECTED:
            return
        words = [each.text for each in found]
        for place in suspects if len(suspects) <= _MOST_CORRECTED else unknown:
            others = [word for at, word in enumerate(words) if at != place]
            correction = _best_correction(
                found[place], others, catalogue, general=place not in unknown
            )
            if correction is not None:
                words[place] = correction.becomes
                yield correction


def _with_rivals(plan: QueryPlan, text: str, found: Sequence[_Correction]) -> QueryPlan:
    """Search what is hardly less likely as well, where one word is in doubt."""
    unsure = [each for each in found if not each.sure]
    if len(unsure) != 1:
        return plan
    (doubtful,) = unsure
    sure = [each for each in found if each.sure]
    wordings = [
        _corrected(text, [*sure, replace(doubtful, becomes=other)]) for other in doubtful.others
    ]
    room = _MOST_VARIANTS - len(plan.variants)
    return replace(plan, variants=(*plan.variants, *wordings[: max(room, 0)]))


def _may_be_misspelt(unit: Unit, lexicon: Lexicon) -> bool:
    return (
        unit.is_word
        and len(unit.text) >= _SHORTEST_CORRECTED
        and not lexicon.knows(unit.text)
        and not lexicon.knows(singular(unit.text))
        and not lexicon.knows(f"{unit.text}s")
    )


def _best_correction(
    unit: Unit, others: Sequence[str], catalogue: KnownCatalogue, *, general: bool
) -> _Correction | None:
    typed = unit.text
    edits = 2 if len(typed) >= _SHORTEST_TWO_EDITS and not general else 1
    ranked = sorted(
        (
            (log_likelihood(typed, word, others, catalogue), word)
            for word, _ in catalogue.near_words.within(typed, edits)
        ),
        key=lambda scored: (-scored[0], scored[1]),
    )
    if not ranked:
        spelt = None if general else catalogue.homophones.spelt(typed)
        if spelt is None:
            return None
        return _Correction(start=unit.start, end=unit.end, becomes=spelt, sure=True)
    best_score, best = ranked[0]
    if general and not _outweighs(typed, best, others, catalogue):
        return None
    # A plural beside its singular is no rival.
    rivals = [score for score, word in ranked[1:] if singular(word) != singular(best)]
    clear = not rivals or best_score - rivals[0] >= _SURE_MARGIN
    meant = _is_slip(typed, best) or _is_supported(typed, best, others, catalogue)
    return _Correction(
        start=unit.start,
        end=unit.end,
        becomes=best,
        sure=clear and meant and not general,
        unknown=not general,
        others=tuple(
            word
            for score, word in ranked[1:]
            if singular(word) != singular(best) and best_score - score < _RIVAL_MARGIN
        )[:_MOST_RIVALS],
    )


def _outweighs(typed: str, meant: str, others: Sequence[str], catalogue: KnownCatalogue) -> bool:
    """Say whether a word of the language that the catalogue lacks may be a slip all the same."""
    if typed[0] != meant[0] or len(typed) < _SHORTEST_GENERAL:
        return False
    if catalogue.support(meant, others) >= _SUPPORTED:
        return True
    return not others and catalogue.in_titles(meant) >= _COMMON and edit_cost(typed, meant) <= 1.0


def _is_supported(typed: str, meant: str, others: Sequence[str], catalogue: KnownCatalogue) -> bool:
    """Say whether titles have the correction together with what else was typed."""
    nearest = 1.2 if len(typed) <= _SHORT else _TWO_SLIPS
    return edit_cost(typed, meant) <= nearest and catalogue.support(meant, others) >= _SUPPORTED


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
