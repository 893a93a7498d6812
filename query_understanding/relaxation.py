"""Which words of a query may be left out where no product has them all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from query_understanding.denied_words import denied_words
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.chinese_segments import Segment, chinese_segments
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
_MOST_WORDS = 48
"""Retrieval searches no more; two hundred would take as many milliseconds to weigh."""
_LONGEST_NAME = 4
"""Words of a brand or a kind's name."""


class RelaxationRewriter:
    """Orders the words by what they say; the text itself stays as it is.

    First go the words that no product has, since nothing can be found with them. Then those that
    name nothing, and the most frequent ones, which tell products apart least. Brands, kinds of
    product and codes stay longest; without one of them, half of the words that name something stay.
    Words of Chinese text are those that the catalogue writes: see `chinese_segments`.
    """

    name = "relaxation"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Add relaxations, which the log does not mention until one is used; see `Rewriter`."""
        lexicon = catalogue.lexicon
        if lexicon.is_empty:
            return plan
        words = sorted(_words(plan.text, lexicon), key=lambda word: word.start)
        if not 2 <= len(words) <= _MOST_WORDS:
            return plan
        relaxations = tuple(_relaxations(plan.text, words, lexicon))
        return replace(plan, relaxations=relaxations) if relaxations else plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """A word in the sense of its script."""

    text: str
    """Folded; of Chinese its characters with spaces between, as names are looked up."""
    start: int
    end: int
    is_known: bool
    names: bool
    """Whether it names something."""
    count: int
    """Products that may have it."""


def _words(text: str, lexicon: Lexicon) -> Iterator[_Word]:
    for unit in units(text):
        if not is_cjk(unit.text):
            yield _alphabetic(unit, lexicon)
    for segment in chinese_segments(text, lexicon):
        yield _chinese(segment, lexicon)


def _alphabetic(unit: Unit, lexicon: Lexicon) -> _Word:
    return _Word(
        text=unit.text,
        start=unit.start,
        end=unit.end,
        is_known=lexicon.knows(unit.text) or lexicon.knows(singular(unit.text)),
        names=unit.text not in NAMING_NOTHING,
        count=lexicon.words.get(unit.text, 0),
    )


def _chinese(segment: Segment, lexicon: Lexicon) -> _Word:
    return _Word(
        text=segment.text,
        start=segment.start,
        end=segment.end,
        # A particle goes first as well: beside other characters it makes pairs that no title has.
        is_known=segment.is_known,
        names=not segment.is_particle,
        count=min(lexicon.words.get(each, 0) for each in segment.text.split()),
    )


def _relaxations(text: str, words: Sequence[_Word], lexicon: Lexicon) -> list[Relaxation]:
    """Return the text without what no product has, then with ever fewer words."""
    together = _together(words, lexicon)
    kept = _protected(words, together, lexicon)
    unknown = [each for each in together if not all(words[place].is_known for place in each)]
    known = sorted(
        (each for each in together if each not in unknown),
        key=lambda places: (
            not kept.isdisjoint(places),
            any(words[place].names for place in places),
            -min(words[place].count for place in places),
            places.start,
        ),
    )
    droppable = known[:-1]
    steps = [unknown] if unknown and known else []
    steps += [[*unknown, *droppable[: count + 1]] for count in range(len(droppable))]
    steps = [each for each in steps if _says_enough(words, together, each, kept)]
    if len(steps) > _MOST_RELAXATIONS:
        steps = [*steps[: _MOST_RELAXATIONS - 1], steps[-1]]
    return [_without(text, words, places) for places in steps]


def _says_enough(
    words: Sequence[_Word], together: Sequence[range], left_out: Sequence[range], kept: set[int]
) -> bool:
    """Say whether a brand, a kind or a code stays, or half of the words that name something.

    Any other word of a sentence finds what the sentence is not about: meaning answers that better.
    Source: docs/query_understanding.md.
    """
    naming = [each for each in together if any(words[place].names for place in each)]
    staying = [each for each in naming if each not in left_out]
    return not kept.isdisjoint(chain(*staying)) or 2 * len(staying) >= len(naming)


def _together(words: Sequence[_Word], lexicon: Lexicon) -> list[range]:
    """Return the places of words that mean something only together, and of each other word.

    A negation and what it denies stay or go as one: `gluten free` without *free* is the opposite.
    """
    negations = denied_words([word.text for word in words], lexicon)
    inside = set(chain(*negations))
    alone = (range(place, place + 1) for place in range(len(words)) if place not in inside)
    return sorted((*negations, *alone), key=lambda places: places.start)


def _without(text: str, words: Sequence[_Word], left_out: Sequence[range]) -> Relaxation:
    ordered = sorted(left_out, key=lambda places: places.start)
    spans = [(words[places[0]].start, words[places[-1]].end) for places in ordered]
    return Relaxation(
        text=without(text, spans), left_out=tuple(text[start:end] for start, end in spans)
    )


def _protected(words: Sequence[_Word], together: Sequence[range], lexicon: Lexicon) -> set[int]:
    """Return the places of brands, kinds of product, and codes; not of a kind that is denied."""
    found = {
        place
        for place, word in enumerate(words)
        if any(each.isdigit() for each in word.text) and not word.text.isdigit()
    }
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_NAME, len(words)) + 1):
            name = phrase_of([each.text for each in words[start:end]])
            if name not in lexicon.brands and name not in lexicon.kind_places:
                continue
            places = set(range(start, end))
            is_denied = any(places < set(each) for each in together)
            if not is_denied and not _goes_on_unknown(words, end - 1):
                found |= places
    return found


def _goes_on_unknown(words: Sequence[_Word], place: int) -> bool:
    """Say whether Chinese text goes on after a word with something that no product has.

    The thing stands last there: 咖啡放一会就凉 (coffee gets cold) is not about coffee.
    """
    if not is_cjk(words[place].text):
        return False
    for last, word in pairwise(words[place:]):
        if word.start != last.end:
            return False
        if word.names and not word.is_known:
            return True
    return False
