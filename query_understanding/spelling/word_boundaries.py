"""Spaces too many and too few: `lap top`, `usbhub`, by what titles have side by side."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import Unit, phrase_key, singular
from query_understanding.spelling.general_words import NAMING_NOTHING

_FAMILIAR = 3
"""Products that a word needs before others are joined or taken apart into it."""
_SURELY_JOINED = 5
"""Titles have the one word this many times as often as the rarer of the two."""
_LIKELY_JOINED = 2
"""The same, where the one word is searched beside the two."""
_SHORTEST_JOINED = 5
_SHORTEST_PART = 2
"""Letters; so short ones only where titles have the two parts side by side."""
_SHORTEST_LONE_PART = 3
"""Letters of parts that no title has together: names fall apart by chance."""
_SHORTEST_SURE = 4
_LETTERS_THEN_DIGITS = re.compile(r"([a-z]{3,})(\d+)|([a-z]{2,})(\d{2,})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Respacing:
    """A stretch of the text whose spaces are wrong."""

    start: int
    end: int
    becomes: str
    sure: bool
    """Whether it is searched instead, and not only beside."""


def respaced(
    text: str, found: Sequence[Unit], catalogue: KnownCatalogue, general: AbstractSet[str]
) -> Iterator[Respacing]:
    """Yield what was torn apart, then what was run together; a unit is in one of them at most.

    Args:
        text: of the query.
        found: its units.
        catalogue: what was learned from it.
        general: words that are right although the catalogue lacks them.
    """
    taken: set[int] = set()
    for place, (first, second) in enumerate(pairwise(found)):
        if place in taken or not _only_space(text, first, second):
            continue
        joined = _joined(first, second, catalogue, general)
        if joined is not None:
            taken |= {place, place + 1}
            yield joined
    for place, unit in enumerate(found):
        if place not in taken:
            yield from _apart(unit, catalogue, general)


def _joined(
    first: Unit, second: Unit, catalogue: KnownCatalogue, general: AbstractSet[str]
) -> Respacing | None:
    lexicon = catalogue.lexicon
    joined = first.text + second.text
    if not (first.is_word and second.is_word) or len(joined) < _SHORTEST_JOINED:
        return None
    together = lexicon.words.get(joined, 0)
    apart = catalogue.support(first.text, [second.text])
    known = [lexicon.knows(each.text) or each.text in general for each in (first, second)]
    if all(known) and min(len(first.text), len(second.text)) <= _SHORTEST_PART:
        return None
    rarer = min(catalogue.in_titles(each.text) for each in (first, second))
    if all(known) and _SURELY_JOINED * rarer > catalogue.in_titles(joined):
        return _one_thing(first, second, rarer, catalogue)
    if not together or apart * _SURELY_JOINED > together:
        return None
    if all(known) and together < _FAMILIAR:
        return None
    return Respacing(start=first.start, end=second.end, becomes=joined, sure=True)


def _one_thing(
    first: Unit, second: Unit, rarer: int, catalogue: KnownCatalogue
) -> Respacing | None:
    """Join two words of the shop that name nothing together: `door mats`, where all is `doormat`.

    What they may be where titles have them side by side, `compounds` says.

    Args:
        first: word of the query.
        second: the next one.
        rarer: titles that have the rarer of the two.
        catalogue: what was learned from it.
    """
    lexicon = catalogue.lexicon
    joined = first.text + second.text
    becomes = joined if lexicon.knows(joined) else singular(joined)
    apart = phrase_key(f"{first.text} {second.text}")
    if (
        catalogue.in_titles(becomes) < max(_FAMILIAR, _LIKELY_JOINED * rarer)
        or {first.text, second.text} & NAMING_NOTHING
        or becomes in lexicon.joinables  # titles have the two side by side
        or apart in lexicon.kind_places
        or apart in lexicon.values
    ):
        return None
    return Respacing(start=first.start, end=second.end, becomes=becomes, sure=False)


def _apart(unit: Unit, catalogue: KnownCatalogue, general: AbstractSet[str]) -> Iterator[Respacing]:
    known = catalogue.lexicon.words.get(unit.text, 0)
    if not unit.is_word:
        parts = "" if known else _model_parts(unit.text, catalogue)
        sure = False  # a model number without its space may as well be a code
    else:
        parts, together = _best_parts(unit.text, catalogue)
        sure = not known and unit.text not in general
        if together <= known:
            parts = _lone_parts(unit.text, catalogue) if sure else ""
            lone = parts.split()
            sure = (
                sure and set(lone) <= general and min(map(len, lone), default=0) >= _SHORTEST_SURE
            )
    if parts:
        yield Respacing(start=unit.start, end=unit.end, becomes=parts, sure=sure)


def _model_parts(word: str, catalogue: KnownCatalogue) -> str:
    match = _LETTERS_THEN_DIGITS.fullmatch(word)
    pieces = [each for each in match.groups() if each] if match else []
    return " ".join(pieces) if all(map(catalogue.lexicon.knows, pieces)) else ""


def _splits(word: str, shortest: int) -> Iterator[tuple[str, str]]:
    for place in range(shortest, len(word) - shortest + 1):
        yield word[:place], word[place:]


def _best_parts(word: str, catalogue: KnownCatalogue) -> tuple[str, int]:
    """Return the two words that titles most often have together, and how many do."""
    weighed = [
        (catalogue.support(first, [second]), f"{first} {second}")
        for first, second in _splits(word, _SHORTEST_PART)
        if catalogue.lexicon.knows(first) and catalogue.lexicon.knows(second)
    ]
    together, parts = max(weighed, default=(0, ""))
    return (parts, together) if together else ("", 0)


def _lone_parts(word: str, catalogue: KnownCatalogue) -> str:
    """Return two familiar words that no title has together, or nothing.

    The rarer part decides between splits: `laptop bag` before `lap topbag`.
    """
    weighed = [
        (min(map(catalogue.in_titles, parts)), " ".join(parts))
        for parts in _splits(word, _SHORTEST_LONE_PART)
        if all(map(catalogue.lexicon.knows, parts))
    ]
    count, parts = max(weighed, default=(0, ""))
    return parts if count >= _FAMILIAR and not _is_near(word, catalogue) else ""


def _is_near(word: str, catalogue: KnownCatalogue) -> bool:
    """Say whether a familiar word is one edit away: `notbook` is no `not book`."""
    words = catalogue.lexicon.words
    return any(words[near] >= _FAMILIAR for near, _ in catalogue.near_words.within(word, 1))


def _only_space(text: str, first: Unit, second: Unit) -> bool:
    return text[first.end : second.start].strip(" ") == ""
