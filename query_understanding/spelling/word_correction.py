"""Decides for one word of a query whether another was meant, and how sure that is."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum, auto

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import Unit, singular
from query_understanding.spelling.edit_cost import CHEAPEST_EDIT
from query_understanding.spelling.word_likelihood import (
    Context,
    Reading,
    log_prior,
    most_likely_prior,
    readings,
    share_against_typed,
)

_SHORTEST_CORRECTED = 3
_SURE_SHARE = 0.8
"""Probability that the best correction needs, a name of its own not left out, to be searched
instead."""
_NAME_SHARE = 0.98
"""Probability of a name that the catalogue lacks, from which nothing is corrected."""
_RIVAL_SHARE = 0.2
"""Probability from which another correction is searched beside the best."""
_MOST_RIVALS = 2
_DOUBTED = 0.95
"""Probability that a word which is right somewhere is a slip, from which what was meant is searched
as well."""


class Suspicion(Enum):
    """Why a word may be misspelt."""

    UNKNOWN = auto()
    """Neither the catalogue nor the language has it."""
    GENERAL = auto()
    """The language has it, and the catalogue does not."""
    RARE = auto()
    """Hardly any title has it, and it is no word of the language."""
    UNLIKELY = auto()
    """Both have it, and another word is much likelier beside the others."""


_MOST_EDITS = {
    Suspicion.UNKNOWN: 2,
    Suspicion.GENERAL: 2,
    Suspicion.RARE: 1,
    Suspicion.UNLIKELY: 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A stretch of a query, and what was meant."""

    start: int
    end: int
    becomes: str
    sure: bool
    """Whether it is searched instead, and not only beside."""
    meaningless: bool = False
    """What was typed says nothing to a model that encodes texts, or nothing else than what it
    becomes."""
    others: tuple[str, ...] = ()
    """Hardly less likely than the best, where that is not sure."""


def suspicion_of(
    unit: Unit, context: Context, general: AbstractSet[str], catalogue: KnownCatalogue
) -> Suspicion | None:
    """Say why a unit may be misspelt; `None`: there is no reason to think so.

    Args:
        unit: of the query.
        context: the words around it.
        general: words that are right although the catalogue lacks them.
        catalogue: what was learned from it.
    """
    word = unit.text
    if not unit.is_word or len(word) < _SHORTEST_CORRECTED:
        return None
    if not _is_known(word, catalogue.lexicon):
        return Suspicion.GENERAL if word in general else Suspicion.UNKNOWN
    one = singular(word)
    if one in catalogue.lexicon.brands:
        return None
    # Were there a much likelier word one slip away: most words need no look for one.
    likeliest = share_against_typed(
        most_likely_prior(context, catalogue), CHEAPEST_EDIT, log_prior(word, context, catalogue)
    )
    if likeliest < _DOUBTED:
        return None
    return Suspicion.UNLIKELY if word in general or one in general else Suspicion.RARE


def _is_known(word: str, lexicon: Lexicon) -> bool:
    """Say whether the catalogue has a word or its other number; `wireles` is none of `wireless`."""
    if lexicon.knows(word) or lexicon.knows(singular(word)):
        return True
    return lexicon.knows(f"{word}s") and singular(f"{word}s") == word


def best_correction(
    unit: Unit, why: Suspicion, context: Context, catalogue: KnownCatalogue
) -> Correction | None:
    """Return what was meant by a unit; `None`: what was typed, as far as can be told."""
    typed = unit.text
    unknown = why is Suspicion.UNKNOWN
    ranked = readings(typed, _MOST_EDITS[why], context, catalogue)
    # A plural beside its singular is no rival.
    rivals = [each for each in ranked[1:] if singular(each.word) != singular(ranked[0].word)]
    sure = unknown and _is_sure(ranked, rivals, catalogue)
    if unknown and not sure:
        # Letters that spell a Chinese word are read as that, unless another reading is clear.
        spelt = catalogue.homophones.spelt(typed)
        if spelt is not None:
            return Correction(start=unit.start, end=unit.end, becomes=spelt, sure=True)
    if not ranked or not _is_meant(typed, why, ranked[0], context, catalogue):
        return None
    return Correction(
        start=unit.start,
        end=unit.end,
        becomes=ranked[0].word,
        sure=sure,
        meaningless=why in (Suspicion.UNKNOWN, Suspicion.RARE),
        others=_worth_searching(rivals) if unknown else (),
    )


def _is_sure(
    ranked: Sequence[Reading], rivals: Sequence[Reading], catalogue: KnownCatalogue
) -> bool:
    """Say whether the likeliest reading is searched instead of what was typed."""
    if not ranked or not catalogue.is_trusted(ranked[0].word):
        return False
    return (1 - sum(each.share for each in rivals)) * ranked[0].misspelt >= _SURE_SHARE


def _worth_searching(rivals: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(each.word for each in rivals if each.share >= _RIVAL_SHARE)[:_MOST_RIVALS]


def _is_meant(
    typed: str, why: Suspicion, best: Reading, context: Context, catalogue: KnownCatalogue
) -> bool:
    """Say whether another word is likely enough to be searched, beside what was typed at least."""
    if why is Suspicion.UNKNOWN:
        return best.misspelt >= 1 - _NAME_SHARE
    as_typed = log_prior(typed, context, catalogue)
    return share_against_typed(best.log_prior, best.cost, as_typed) >= _DOUBTED
