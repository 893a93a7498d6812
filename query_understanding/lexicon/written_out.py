"""Learns which acronyms a catalogue's titles write out: an `ssd` that is a `solid state drive`."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from query_understanding.lexicon.bounded_counter import BoundedCounter
from search_core import unit_texts

_SHORTEST = 3
"""Letters: two stand for many things."""
_LONGEST = 5
_MOST_PHRASES = 60_000
"""Different phrases counted at once."""
_TITLE_CHARACTERS = 200
_TEXT_CHARACTERS = 4_000
_LONGEST_ACRONYMS = 40
"""Characters of a text in capitals that may be nothing but acronyms and codes."""
_FEWEST = 5
"""Products whose title has the phrase and whose texts have the acronym. With three or four it was
chance as often as not in an electronics catalogue: `hard drive docking` for HDD."""
_LEAST_SHARE = 0.5
"""Of the products whose title has the phrase, those that have the acronym."""
_LEAST_LIFT = 4.0
"""Times as often as it would be by chance."""
_NAMED_SHARE = 0.5
"""Where so many of these titles have the acronym beside the phrase, as in `uninterruptible power
supply (UPS)`, the acronym finds them itself, and more words would only outweigh the others."""
_WORD = r"[a-z\u00c0-\u024f]{2,}(?![^\W_])"
_RUN = re.compile(rf"(?<![^\W_]){_WORD}(?:[ -]{_WORD}){{2,}}", re.IGNORECASE)
_FUNCTION_WORDS = frozenset(
    {"and", "at", "by", "for", "from", "in", "of", "on", "or", "per", "the", "to", "with", "your"}
)


class WrittenOut:
    """Counts phrases of titles, and how often a product has their initials as a word."""

    def __init__(self) -> None:
        self._titles: BoundedCounter[str] = BoundedCounter(_MOST_PHRASES)
        self._having: BoundedCounter[str] = BoundedCounter(_MOST_PHRASES)
        self._named: BoundedCounter[str] = BoundedCounter(_MOST_PHRASES)

    def observe(self, title: str, texts: Sequence[str]) -> None:
        """Count one product.

        Args:
            title: as it is written.
            texts: its other texts.
        """
        phrases = set(_phrases(title[:_TITLE_CHARACTERS]))
        if not phrases:
            return
        self._titles.update(phrases)
        said = (each[:_TEXT_CHARACTERS] for each in texts)
        text = "\n".join((title, *(each for each in said if not _is_shouted(each))))
        having = {each for each in phrases if _has(text, _initials(each))}
        if having:
            self._having.update(having)
            self._named.update({each for each in having if _has(title, _initials(each))})

    def found(
        self, products: int, words: Mapping[str, int], names: Container[str] = ()
    ) -> dict[str, str]:
        """Return acronym → what titles write for it. What was counted is let go.

        Args:
            products: how many were counted.
            words: folded word → products that have it.
            names: of brands, which stand for nothing else.
        """
        titles, having, named = self._titles.taken(), self._having.taken(), self._named.taken()
        found: dict[str, str] = {}
        for phrase, count in sorted(having.items(), key=lambda each: (-each[1], each[0])):
            acronym = _initials(phrase).lower()
            share = count / max(titles[phrase], count)
            by_chance = words.get(acronym, 0) / max(products, 1)
            if (
                count >= _FEWEST
                and share >= max(_LEAST_SHARE, _LEAST_LIFT * by_chance)
                and named[phrase] < _NAMED_SHARE * count
                and acronym not in phrase.split()
                and acronym not in names
            ):
                found.setdefault(acronym, phrase)
        return found


def _phrases(title: str) -> Iterator[str]:
    """Yield stretches of three to five words, folded, that begin and end with one that counts."""
    for run in _RUN.finditer(title):
        words = unit_texts(run[0])
        for length in range(_SHORTEST, _LONGEST + 1):
            for start in range(len(words) - length + 1):
                part = words[start : start + length]
                if part[0] not in _FUNCTION_WORDS and part[-1] not in _FUNCTION_WORDS:
                    yield " ".join(part)


def _is_shouted(text: str) -> bool:
    """Say whether a text is all in capitals, so that any word in it looks like an acronym."""
    return len(text) > _LONGEST_ACRONYMS and text.isupper()


def _initials(phrase: str) -> str:
    return "".join(word[0] for word in phrase.split()).upper()


def _has(text: str, acronym: str) -> bool:
    """Say whether a text has an acronym as a word, in capital letters."""
    place = text.find(acronym)
    while place >= 0:
        end = place + len(acronym)
        if not (text[place - 1 : place].isalnum() or text[end : end + 1].isalnum()):
            return True
        place = text.find(acronym, place + 1)
    return False
