"""Decides for one word of a query whether another was meant, and how sure that is."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum, auto

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import Unit, singular
from query_understanding.spelling.word_likelihood import (
    Context,
    Reading,
    log_prior,
    most_likely_prior,
    readings,
    share_against_typed,
)

_SHORTEST_CORRECTED = 3
_SHORTEST_GENERAL = 4
_SHORTEST_TWO_EDITS = 4
_SURE_SHARE = 0.73
"""Probability that the best correction needs among all to be searched at once."""
_RIVAL_SHARE = 0.2
"""Probability from which another correction is searched beside the best."""
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
_DOUBTED = 0.95
"""Probability that a rare word of the catalogue is a slip, from which what was meant is searched
as well: titles have typing errors too."""


class Suspicion(Enum):
    """Why a word may be misspelt."""

    UNKNOWN = auto()
    """Neither the catalogue nor the language has it."""
    GENERAL = auto()
    """The language has it, and the catalogue does not."""
    RARE = auto()
    """Hardly any title has it, and it is no word of the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A stretch of a query, and what was meant."""

    start: int
    end: int
    becomes: str
    sure: bool
    """Whether it is searched instead, and not only beside."""
    meaningless: bool = False
    """What was typed says nothing to a model that encodes texts."""
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
    if one in catalogue.lexicon.brands or word in general or one in general:
        return None
    # Were there a much likelier word one slip away: most words need no look for one.
    likeliest = share_against_typed(
        most_likely_prior(context, catalogue), _SLIP, log_prior(word, context, catalogue)
    )
    return Suspicion.RARE if likeliest >= _DOUBTED else None


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
    edits = 2 if len(typed) >= _SHORTEST_TWO_EDITS and unknown else 1
    ranked = readings(typed, edits, context, catalogue)
    if unknown and (not ranked or ranked[0].edits > 1):
        # Letters that spell a Chinese word are read as that before they are changed twice.
        spelt = catalogue.homophones.spelt(typed)
        if spelt is not None:
            return Correction(start=unit.start, end=unit.end, becomes=spelt, sure=True)
    if not ranked or (not unknown and not _outweighs(typed, why, ranked[0], context, catalogue)):
        return None
    best = ranked[0]
    # A plural beside its singular is no rival.
    rivals = [each for each in ranked[1:] if singular(each.word) != singular(best.word)]
    clear = 1 - sum(each.share for each in rivals) >= _SURE_SHARE
    meant = _is_slip(typed, best) or _is_supported(typed, best, context, catalogue)
    return Correction(
        start=unit.start,
        end=unit.end,
        becomes=best.word,
        sure=unknown and clear and meant and catalogue.is_trusted(best.word),
        meaningless=why is not Suspicion.GENERAL,
        others=_worth_searching(rivals) if unknown else (),
    )


def _worth_searching(rivals: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(each.word for each in rivals if each.share >= _RIVAL_SHARE)[:_MOST_RIVALS]


def _outweighs(
    typed: str, why: Suspicion, meant: Reading, context: Context, catalogue: KnownCatalogue
) -> bool:
    """Say whether a word that is right somewhere may be a slip all the same."""
    if typed[0] != meant.word[0]:
        return False
    if why is Suspicion.RARE:
        as_typed = log_prior(typed, context, catalogue)
        return share_against_typed(meant.log_prior, meant.cost, as_typed) >= _DOUBTED
    if len(typed) < _SHORTEST_GENERAL:
        return False
    if catalogue.support(meant.word, context.others) >= _SUPPORTED:
        return True
    alone = not context.others
    return alone and catalogue.in_titles(meant.word) >= _COMMON and meant.cost <= 1.0


def _is_supported(typed: str, meant: Reading, context: Context, catalogue: KnownCatalogue) -> bool:
    """Say whether titles have the correction together with what else was typed."""
    nearest = 1.2 if len(typed) <= _SHORT else _TWO_SLIPS
    return meant.cost <= nearest and catalogue.support(meant.word, context.others) >= _SUPPORTED


def _is_slip(typed: str, meant: Reading) -> bool:
    """Say whether a word is so near that it was hardly a name of its own.

    `latp` and `lsmp` are both one edit from `lamp`; only the second, a neighbouring key, is a slip.
    """
    if typed[0] != meant.word[0]:
        return False
    if len(typed) <= _SHORT:
        return meant.cost <= _SLIP
    return meant.cost <= 1.0 or (len(typed) >= _LONG and meant.cost <= _TWO_SLIPS)
