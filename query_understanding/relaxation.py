"""Which words of a query may be left out where no product has them all."""

from collections.abc import Sequence
from dataclasses import replace

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import (
    Unit,
    is_cjk,
    phrase_of,
    singular,
    units,
    without,
)
from query_understanding.spelling.general_words import NAMING_NOTHING
from search_core import QueryPlan, Relaxation

_MOST_RELAXATIONS = 3
"""Each is a round trip, for queries that would otherwise find nothing."""
_LONGEST_NAME = 4
"""Units of a brand or a kind's name."""


class RelaxationRewriter:
    """Orders the words by what they say; the text itself stays as it is.

    First go the words that no product has, since nothing can be found with them. Then those that
    name nothing, and the most frequent ones, which tell products apart least. Brands, kinds of
    product and codes stay longest; without one of them, half of the words that name something stay.
    """

    name = "relaxation"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Add relaxations, which the log does not mention until one is used; see `Rewriter`."""
        lexicon = catalogue.lexicon
        words = [each for each in units(plan.text) if not is_cjk(each.text)]
        if lexicon.is_empty or len(words) < 2:
            return plan
        relaxations = tuple(_relaxations(plan.text, words, lexicon))
        return replace(plan, relaxations=relaxations) if relaxations else plan


def _relaxations(text: str, words: Sequence[Unit], lexicon: Lexicon) -> list[Relaxation]:
    """Return the text without what no product has, then with ever fewer words."""
    kept = _protected(words, lexicon)
    unknown = [place for place, word in enumerate(words) if not _is_known(word, lexicon)]
    known = sorted(
        (place for place in range(len(words)) if place not in unknown),
        key=lambda place: (
            place in kept,
            words[place].text not in NAMING_NOTHING,
            -lexicon.words.get(words[place].text, 0),
            place,
        ),
    )
    droppable = known[:-1] if len(words) == len(units(text)) else known
    steps = [unknown] if unknown and known else []
    steps += [[*unknown, *droppable[: count + 1]] for count in range(len(droppable))]
    steps = [each for each in steps if _says_enough(words, each, kept)]
    if len(steps) > _MOST_RELAXATIONS:
        steps = [*steps[: _MOST_RELAXATIONS - 1], steps[-1]]
    return [_without(text, words, places) for places in steps]


def _says_enough(words: Sequence[Unit], left_out: Sequence[int], kept: set[int]) -> bool:
    """Say whether a brand, a kind or a code stays, or half of the words that name something.

    Any other word of a sentence finds what the sentence is not about: meaning answers that better.
    Source: docs/query_understanding.md.
    """
    naming = {place for place, word in enumerate(words) if word.text not in NAMING_NOTHING}
    staying = naming - set(left_out)
    return bool(staying & kept) or 2 * len(staying) >= len(naming)


def _without(text: str, words: Sequence[Unit], places: Sequence[int]) -> Relaxation:
    spans = [(words[place].start, words[place].end) for place in sorted(places)]
    return Relaxation(
        text=without(text, spans), left_out=tuple(text[start:end] for start, end in spans)
    )


def _is_known(word: Unit, lexicon: Lexicon) -> bool:
    return lexicon.knows(word.text) or lexicon.knows(singular(word.text))


def _protected(words: Sequence[Unit], lexicon: Lexicon) -> set[int]:
    """Return the places of brands, kinds of product, and codes."""
    found = {
        place
        for place, word in enumerate(words)
        if any(each.isdigit() for each in word.text) and not word.text.isdigit()
    }
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
            name = phrase_of([each.text for each in words[start:end]])
            if name in lexicon.brands or name in lexicon.kind_places:
                found |= set(range(start, end))
    return found
