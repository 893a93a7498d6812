"""Puts misspelt words of the grammar right: `betwen 100 and 200`, `less then 50`, 500元一下.

They are no words of a catalogue, and have to be right before prices, ranges and negation are read.
A word is taken for one of them only where the grammar then reads a phrase that it stands in, and
only where that is likely enough by the noisy channel of `word_likelihood`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from query_understanding.grammar_phrases import grammar_phrases
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import Unit, is_cjk, replaced, units
from query_understanding.spelling.edit_cost import edit_cost
from query_understanding.spelling.general_words import english_words
from query_understanding.spelling.heard_operators import heard_operators
from query_understanding.spelling.spelling import MOST_READ
from query_understanding.spelling.word_likelihood import (
    Context,
    context_of,
    log_prior,
    misspelt_share,
    readings,
    share_against_typed,
)
from search_core import QueryPlan

_BEFORE_NUMBERS = frozenset(
    (
        "above", "approximately", "around", "about", "below", "beneath", "between", "bigger",
        "budget", "cheaper", "costing", "dearer", "deeper", "exceeding", "fewer", "from", "greater",
        "heavier", "higher", "larger", "least", "less", "lighter", "longer", "lower", "maximum",
        "minimum", "more", "most", "narrower", "nearly", "over", "price", "priced", "pricier",
        "roughly", "shorter", "smaller", "starting", "taller", "than", "thicker", "thinner",
        "under", "upwards", "wider", "within",
    )
)  # fmt: skip
"""Words by which the grammar says a bound. Of shorter ones any other short word is a neighbour."""
_TWO_WORDS = frozenset(("at least", "at most", "less than", "more than", "up to"))
"""Typed as one: a space is left out as a letter is."""
_DENYING = frozenset(("except", "excluding", "without"))
_WORDS = _BEFORE_NUMBERS | _DENYING
OPERATORS = tuple(sorted(_WORDS | _TWO_WORDS))
_PARTS = frozenset(("and", "at", "for", "no", "not", "of", "or", "to", "up"))
"""Words that stand beside operators in phrases of the grammar."""

_LIKELY = 0.8
"""Probability from which an unknown word is taken for an operator, as for catalogue words."""
_DOUBTED = 0.95
"""The same of a word that is right somewhere (`rom 1gb` is not `from 1gb`)."""
_ALONE = math.log(0.03)
"""Of an operator where a phrase would be complete with it: most words before a number are names."""
_BESIDE = math.log(0.5)
"""The same, where another word of the phrase stands beside it: `at lest 8 gb`."""
_HEARD_ALIKE: Mapping[tuple[str, str], float] = {("then", "than"): 2.3}
"""Taken for each other by how they sound: as likely as a letter left out."""
_ENGLISH = "en"
_SHORTEST = 3
_TWO_EDITS_FROM = 7
"""Letters of a word in which two edits still leave it recognisable."""
_MOST_FIXES = 3
_MOST_READINGS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrong:
    """A unit of the text that may be an operator."""

    unit: Unit
    place: int
    readings: tuple[str, ...]
    """The likeliest first."""


_Fix = tuple[_Wrong, str]


class OperatorRewriter:
    """Corrects operators; a word of titles, brands, kinds and values is never one."""

    name = "operators"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Correct the words of the grammar; see `Rewriter`."""
        read = units(plan.text)[:MOST_READ]
        if catalogue.lexicon.is_empty or not read:
            return plan
        end = read[-1].end
        text, rest = plan.text[:end], plan.text[end:]
        if is_cjk(text):
            text = heard_operators(text, catalogue)
        for _ in range(_MOST_FIXES):
            fixed = _fixed(text, catalogue)
            if fixed is None:
                break
            text = fixed
        if text == plan.text[:end]:
            return plan
        return replace(plan, text=text + rest).logged(
            self.name, f"{plan.text[:end]!r} is read as {text!r}"
        )


def _fixed(text: str, catalogue: KnownCatalogue) -> str | None:
    """Return the text with the first operator put right, and the one beside it where it has to."""
    found = units(text)
    wrong = _possible(found, catalogue)
    for first in wrong:
        # `les than`, and where one is not enough, `les then`
        for count in (1, 2):
            stretch = [each for each in wrong if 0 <= each.place - first.place < count]
            if len(stretch) < count:
                continue
            for meant in product(*(each.readings for each in stretch)):
                fixes = list(zip(stretch, meant, strict=True))
                if _is_meant(text, found, fixes, catalogue):
                    return _corrected(text, fixes)
    return None


def _possible(found: Sequence[Unit], catalogue: KnownCatalogue) -> list[_Wrong]:
    """Return the units that look like operators and are no names in the catalogue."""
    numbers = any(character.isdigit() for unit in found for character in unit.text)
    wanted = OPERATORS if numbers else tuple(sorted(_DENYING))
    words = [
        (place, unit)
        for place, unit in enumerate(found)
        if unit.is_word
        and len(unit.text) >= _SHORTEST
        and unit.text not in _WORDS
        and (_is_heard(unit.text) or not _names_something(unit.text, catalogue))
    ]
    if not words:
        return []
    near = process.cdist(
        [unit.text for _, unit in words], wanted, scorer=DamerauLevenshtein.distance,
        score_cutoff=2, dtype=np.uint8,
    )  # fmt: skip
    return [
        _Wrong(unit=unit, place=place, readings=likely)
        for (place, unit), distances in zip(words, near, strict=True)
        if (likely := _likely(unit.text, dict(zip(wanted, distances.tolist(), strict=True))))
    ]


def _likely(typed: str, distances: Mapping[str, int]) -> tuple[str, ...]:
    close = [
        word
        for word, edits in distances.items()
        if edits <= (2 if min(len(word), len(typed)) >= _TWO_EDITS_FROM else 1)
    ]
    return tuple(sorted(close, key=lambda word: (_cost(typed, word), word))[:_MOST_READINGS])


def _names_something(word: str, catalogue: KnownCatalogue) -> bool:
    lexicon = catalogue.lexicon
    return bool(
        catalogue.in_titles(word)
        or word in lexicon.brands
        or word in lexicon.kind_places
        or word in lexicon.values
    )


def _is_heard(word: str) -> bool:
    return any(word == typed for typed, _ in _HEARD_ALIKE)


def _cost(typed: str, meant: str) -> float:
    return _HEARD_ALIKE.get((typed, meant), edit_cost(typed, meant))


def _is_meant(
    text: str,
    found: Sequence[Unit],
    fixes: Sequence[_Fix],
    catalogue: KnownCatalogue,
) -> bool:
    """Say whether the operators complete a phrase of the grammar, and are likely."""
    stretch = [wrong for wrong, _ in fixes]
    corrected = _corrected(text, fixes)
    start, end = stretch[0].unit.start, stretch[-1].unit.end + len(corrected) - len(text)
    if not any(low <= start and end <= high for low, high in grammar_phrases(corrected, catalogue)):
        return False
    words = [unit.text for unit in found]
    for wrong, meant in fixes:
        words[wrong.place] = meant
    return all(
        _is_likely(wrong.unit.text, meant, context_of(words, wrong.place), catalogue)
        for wrong, meant in fixes
    )


def _is_likely(typed: str, operator: str, context: Context, catalogue: KnownCatalogue) -> bool:
    """Say whether an operator was meant, where it completes a phrase."""
    lexicon = catalogue.lexicon
    beside = not {context.before, context.after}.isdisjoint(_BEFORE_NUMBERS | _PARTS)
    prior, cost = (_BESIDE if beside else _ALONE), _cost(typed, operator)
    if lexicon.knows(typed) or typed in english_words():
        if lexicon.language != _ENGLISH and not beside:
            return False  # how often shoppers say it there is not known
        as_typed = log_prior(typed, context, catalogue)
        return share_against_typed(prior, cost, as_typed) >= _DOUBTED
    likelihood = math.exp(prior - cost)
    rivals = sum(
        math.exp(each.log_prior - each.cost)
        for each in readings(typed, 2, context, catalogue)
        if each.word != operator
    )
    together = likelihood + rivals
    return likelihood / together * misspelt_share(typed, together) >= _LIKELY


def _corrected(text: str, fixes: Sequence[_Fix]) -> str:
    for wrong, meant in sorted(fixes, key=lambda fix: -fix[0].unit.start):
        text = replaced(text, wrong.unit.start, wrong.unit.end, meant)
    return text
