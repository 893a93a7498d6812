"""Chinese text as words: the catalogue's own names, and characters that stand together in it.

There is no dictionary of the language: what a shop has no product for is no word to it, and every
name that it writes is one at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import Unit, is_cjk, phrase_of, units

_MOST_UNITS = 100
"""Of a text that are read: more was pasted, and no shopper's query is so long."""
_LONGEST_NAME = 10
"""Characters of a brand, a kind or a value that is looked up as a whole."""
_LONGEST_TOGETHER = 4
"""Characters that are one word because each two of them stand side by side: nearly all Chinese
words have two to four."""
_NAME, _TOGETHER, _STRAY = 1.0, (1.1, 1.35, 1.7), 1.5
"""What a word costs: a name, two to four characters that stand together, a single character. The
division that costs least is taken, so that names go before pairs, and pairs before what is left."""
PARTICLES = frozenset("的地得了着过和与或及跟用给在是有把被让向对从到吗呢吧啊么个只款这那")
"""Characters that name nothing by themselves; they stand alone unless a name has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of Chinese text."""

    text: str
    """Its characters as a phrase: see `phrase_key`."""
    start: int
    end: int
    is_known: bool
    """Whether the catalogue has it: as a name, or each two of its characters side by side."""

    @property
    def is_particle(self) -> bool:
        """Say whether it names nothing."""
        return self.text in PARTICLES


def chinese_segments(text: str, lexicon: Lexicon) -> tuple[Segment, ...]:
    """Return the words of the Chinese stretches of a text, in order.

    Characters that no name and no neighbour claims are one segment, which is not known. Of a long
    text only the beginning is read.

    Args:
        text: any text; other scripts are passed over.
        lexicon: of the catalogue; empty: each stretch between particles is one unknown segment.
    """
    return tuple(
        segment
        for stretch in _stretches(units(text)[:_MOST_UNITS])
        for segment in _joined(_divided(stretch, lexicon))
    )


def _stretches(found: Sequence[Unit]) -> Iterator[Sequence[Unit]]:
    """Yield runs of characters with nothing between them."""
    run: list[Unit] = []
    for unit in found:
        if run and (not is_cjk(unit.text) or unit.start != run[-1].end):
            yield run
            run = []
        if is_cjk(unit.text):
            run.append(unit)
    if run:
        yield run


def _divided(characters: Sequence[Unit], lexicon: Lexicon) -> list[Segment]:
    """Return the cheapest division, by dynamic programming from left to right."""
    costs = [0.0]
    words: list[Segment] = []
    for end in range(1, len(characters) + 1):
        choices = [
            (costs[start] + cost, start, known)
            for start in range(max(0, end - _LONGEST_NAME), end)
            for cost, known in _costs(characters[start:end], lexicon)
        ]
        cost, start, known = min(choices)
        costs.append(cost)
        words.append(
            Segment(
                text=phrase_of([each.text for each in characters[start:end]]),
                start=characters[start].start,
                end=characters[end - 1].end,
                is_known=known,
            )
        )
    return _followed_back(words)


def _costs(characters: Sequence[Unit], lexicon: Lexicon) -> Iterator[tuple[float, bool]]:
    """Yield what it costs to take some characters for one word, and whether that is known."""
    if len(characters) == 1:
        character = characters[0].text
        yield _STRAY, _is_name(character, lexicon) and character not in PARTICLES
        return
    if _is_name(phrase_of([each.text for each in characters]), lexicon):
        yield _NAME, True
    pairs = [one.text + other.text for one, other in pairwise(characters)]
    if len(characters) <= _LONGEST_TOGETHER and all(each in lexicon.cjk_pairs for each in pairs):
        yield _TOGETHER[len(characters) - 2], True


def _is_name(key: str, lexicon: Lexicon) -> bool:
    return key in lexicon.kind_places or key in lexicon.brands or key in lexicon.values


def _followed_back(words: Sequence[Segment]) -> list[Segment]:
    """Return the words of the division whose last one ends the text."""
    kept: list[Segment] = []
    for word in reversed(words):
        if not kept or word.end == kept[-1].start:
            kept.append(word)
    return kept[::-1]


def _joined(words: Sequence[Segment]) -> Iterator[Segment]:
    """Make one of unknown characters side by side: alone, each of them says nothing."""
    run: list[Segment] = []
    for word in words:
        if run and (word.is_known or word.is_particle):
            yield _as_one(run)
            run = []
        if word.is_known or word.is_particle:
            yield word
        else:
            run.append(word)
    if run:
        yield _as_one(run)


def _as_one(run: Sequence[Segment]) -> Segment:
    return Segment(
        text=" ".join(each.text for each in run),
        start=run[0].start,
        end=run[-1].end,
        is_known=False,
    )
