"""Learns which English words a catalogue names things by, in the singular or in the plural."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from query_understanding.lexicon.bounded_counter import BoundedCounter
from search_core import singular

_MOST_WORDS = 30_000
"""Different words counted at once."""
_MOST_FORMS = 10_000
"""Words whose forms are known: those of the most frequent things."""
_FEWEST = 2
"""Titles that a form needs to be searched as well: one may be a slip."""
_HEAD_SHARE = 0.3
"""A word that names a thing ends a phrase in at least so many of its titles: `book` in `colouring
book, A4`, and not `short` in `short sleeve shirt`, which is no singular of `shorts`."""
_WORD = re.compile(r"(?<![^\W_])[a-z]{3,}(?![^\W_])", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:-|\s+)(?!(?:and|for|from|in|of|on|or|to|with|without)\b)[^\W\d_]", re.IGNORECASE
)
"""What stands after a word that another one follows, as in `book shelf`."""
_IRREGULAR = {
    "child": "children", "foot": "feet", "half": "halves", "knife": "knives", "leaf": "leaves",
    "loaf": "loaves", "man": "men", "mouse": "mice", "scarf": "scarves", "shelf": "shelves",
    "tooth": "teeth", "woman": "women",
}  # fmt: skip
_REGULAR = {many: one for one, many in _IRREGULAR.items()}


class NumberForms:
    """Counts the plurals of titles, and the words that end a phrase there."""

    def __init__(self) -> None:
        self._plurals: BoundedCounter[str] = BoundedCounter(_MOST_WORDS)
        self._heads: BoundedCounter[str] = BoundedCounter(_MOST_WORDS)

    def observe(self, title: str, words: Sequence[str]) -> None:
        """Count one title.

        Args:
            title: as it is written.
            words: its units, folded.
        """
        self._plurals.update({word for word in words if singular_noun(word) != word})
        self._heads.update(set(_heads(title)))

    def found(self, titles: Mapping[str, int], names: Container[str] = ()) -> dict[str, str]:
        """Return what can be typed → the other form, in which titles name the thing.

        A plural leads to its singular although no title has it. What was counted is let go.

        Args:
            titles: word, as `singular` returns it → how many titles have it.
            names: of brands, which have no plural.
        """
        plurals, heads = self._plurals.taken(), self._heads.taken()
        forms: dict[str, str] = {}
        for one, ending in sorted(heads.items(), key=lambda each: (-each[1], each[0])):
            many = plural_noun(one)
            both = titles.get(one, 0)
            # `singular` leaves an irregular plural as a word of its own.
            both += titles.get(many, 0) if one in _IRREGULAR else 0
            if many == one or one in names or both < _FEWEST or ending < _HEAD_SHARE * both:
                continue
            if both - plurals[many] >= _FEWEST:
                forms[many] = one
            if plurals[many] >= _FEWEST:
                forms[one] = many
            if len(forms) >= _MOST_FORMS:
                break
        return forms


def singular_noun(word: str) -> str:
    """Return the singular of an English noun, of an irregular one too."""
    return _REGULAR.get(word) or singular(word)


def plural_noun(word: str) -> str:
    """Return the plural of an English noun; a word that ends in one `s` is left alone."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("s") and not word.endswith("ss"):
        return word
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("ch", "sh", "x", "ss")) else f"{word}s"


def _heads(title: str) -> Iterator[str]:
    """Yield the words of a title that no other word follows, in the singular."""
    shouted = title.isupper()
    for match in _WORD.finditer(title):
        word = match[0]
        # In capitals among small letters it is an acronym: GTX has no plural.
        if (shouted or not word.isupper()) and _GOES_ON.match(title, match.end()) is None:
            yield singular_noun(word.lower())
