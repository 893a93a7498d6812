"""Corrects what the catalogue does not have to what it has, when that is sure enough."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import groupby

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import Unit, fold, is_cjk, replaced, units
from query_understanding.spelling.general_words import english_words
from query_understanding.spelling.other_spellings import other_spelling
from query_understanding.spelling.word_boundaries import respaced
from query_understanding.spelling.word_correction import (
    Correction,
    Suspicion,
    best_correction,
    suspicion_of,
)
from query_understanding.spelling.word_likelihood import context_of
from search_core import QueryPlan

_MOST_VARIANTS = 3
_MOST_CORRECTED = 3
"""Words of one query: where more are unknown, the query is in another language."""
MOST_READ = 40
"""Words, or Chinese characters, of a text that are put right: what is longer was pasted, and each
word is judged beside all others."""


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
        plan, read = self._bounded(plan)
        end = read[-1].end if read else 0
        found = [
            *self._words(before, read, catalogue),
            *_homophones(before[:end], catalogue),
        ]
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
        unknown = [each for each in found if each.sure or each.meaningless]
        return replace(plan, dense_text=_corrected(before, unknown)) if unknown else plan

    def _bounded(self, plan: QueryPlan) -> tuple[QueryPlan, Sequence[Unit]]:
        """Return the units that are put right, and say on the plan if these are not all."""
        found = units(plan.text)
        if len(found) > MOST_READ:
            plan = plan.logged(self.name, f"only the first {MOST_READ} words are checked")
        return plan, found[:MOST_READ]

    def _suggested(self, plan: QueryPlan, suggestion: str) -> QueryPlan:
        """Search both: the word may be a name that the catalogue lacks."""
        if len(plan.variants) < _MOST_VARIANTS:
            plan = replace(plan, variants=(*plan.variants, suggestion))
        if _is_code_respaced(plan.text, suggestion):
            return plan.logged(self.name, f"{suggestion!r} matches as well")
        plan = replace(plan, suggestion=suggestion)
        return plan.logged(self.name, f"did you mean {suggestion!r}? It matches as well")

    def _words(
        self, text: str, found: Sequence[Unit], catalogue: KnownCatalogue
    ) -> Iterator[Correction]:
        general = self._general_words()
        spaces = [
            Correction(start=each.start, end=each.end, becomes=each.becomes, sure=each.sure)
            for each in respaced(text, found, catalogue, general)
        ]
        yield from spaces
        taken = {at for at, each in enumerate(found) for space in spaces if _covers(space, each)}
        for place, each in enumerate(found):
            spelt = None if place in taken else other_spelling(each, general, catalogue)
            if spelt is not None:
                taken.add(place)
                yield Correction(
                    start=each.start, end=each.end, becomes=spelt, sure=False, meaningless=True
                )
        yield from _corrections(found, taken, catalogue, general)


def _corrections(
    found: Sequence[Unit], taken: set[int], catalogue: KnownCatalogue, general: AbstractSet[str]
) -> Iterator[Correction]:
    """Yield what was meant by single words, each judged beside what was meant by the others."""
    words = [each.text for each in found]
    why = {
        place: suspicion
        for place, each in enumerate(found)
        if place not in taken
        and (suspicion := suspicion_of(each, context_of(words, place), general, catalogue))
    }
    unknown = [place for place, each in why.items() if each is Suspicion.UNKNOWN]
    if len(unknown) > _MOST_CORRECTED:
        return
    # Words that are right somewhere come last: by then the others are what they were meant to be.
    order = [*unknown, *(place for place in why if place not in unknown)]
    best: dict[int, Correction | None] = {}
    for place in [*order[:_MOST_CORRECTED], *(unknown if len(unknown) > 1 else ())]:
        context = context_of(words, place)
        best[place] = correction = best_correction(found[place], why[place], context, catalogue)
        if correction is not None:
            words[place] = correction.becomes
    yield from filter(None, best.values())


def _is_code_respaced(text: str, suggestion: str) -> bool:
    """Say whether only spaces of a code differ: no shopper is to be asked about these."""
    respaced = {*suggestion.split()} - {*text.split()}
    return text.replace(" ", "") == suggestion.replace(" ", "") and any(
        character.isdigit() for word in respaced for character in word
    )


def _covers(space: Correction, unit: Unit) -> bool:
    return space.start <= unit.start < space.end


def _with_rivals(plan: QueryPlan, text: str, found: Sequence[Correction]) -> QueryPlan:
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


def _homophones(text: str, catalogue: KnownCatalogue) -> Iterator[Correction]:
    """Correct characters that the catalogue never has side by side but knows by sound.

    It is sure where the catalogue has all that is then written in one; else the text speaks of
    something that the catalogue lacks, of which the character may be a part.
    """
    for start, run in _cjk_runs(text):
        found = catalogue.homophones.meant_in(run)
        corrected = run
        for each in found:
            end = each.place + len(each.becomes)
            corrected = f"{corrected[: each.place]}{each.becomes}{corrected[end:]}"
        known = catalogue.homophones.knows(corrected)
        for each in found:
            at = start + each.place
            yield Correction(
                start=at,
                end=at + len(each.becomes),
                becomes=each.becomes,
                sure=known and each.clear,
            )


def _cjk_runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the stretches of Chinese characters, folded, with where they begin."""
    place = 0
    for chinese, characters in groupby(text, is_cjk):
        run = list(characters)
        folded = [fold(each) for each in run]
        # Another number of characters would shift the places.
        if chinese and all(len(each) == 1 for each in folded):
            yield place, "".join(folded)
        place += len(run)


def _corrected(text: str, corrections: list[Correction]) -> str:
    for each in sorted(corrections, key=lambda each: -each.start):
        start, end = each.start, each.end
        if is_cjk(each.becomes):
            start, end = _without_spaces(text, start, end)
        text = replaced(text, start, end, each.becomes)
    return text


def _without_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the spaces up to Chinese characters: `蓝牙 erji` is one word."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if before and is_cjk(before[-1]):
        start = len(before)
    if after and is_cjk(after[0]):
        end = len(text) - len(after)
    return start, end
