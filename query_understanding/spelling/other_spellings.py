"""Words of English that are spelt in two ways: `yogurt` and `yoghurt`, `color` and `colour`.

Both spellings are right, so neither is corrected: a shop whose titles have the one is searched for
it beside the other. Only what British and American spelling differ by regularly is read, since most
words one letter apart (`case`, `chase`) are two words.
"""

import re
from collections.abc import Set as AbstractSet

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.product_words import Unit, singular

_ENGLISH = "en"
_SHORTEST = 4
_MOST_EDITS = 2
_SHORTEST_SILENT = 8
"""Letters of a word in which an h after c or r says nothing: `chase` is no `case`."""

_REGULAR: tuple[tuple[str, str], ...] = (
    (r"(?<=[aeiou])([a-z]{1,3})our", r"\1or"),  # colour, not flour
    (r"(?<=[a-z][a-z][bcdhpt])re(?=s?$)", "er"),  # centre
    (r"(?<=[a-z][a-z][a-z][iy])s(?=(?:e[drs]?|ers?|ing|able|ations?)$)", "z"),  # organise
    (r"(?<=[a-z][a-z][aeiou])ll(?=(?:ed|ers?|ing|ors?|ous)$)", "l"),  # labelled
    (r"(?<=[a-z][a-z])ogue(?=s?$)", "og"),  # catalogue
    (r"[ao]e(?=[bdglmnprstv][a-z]{2})", "e"),  # anaemia
    (r"(?<=[a-z][a-z]en)s(?=es?$)", "c"),  # defense
    (r"(?<=[a-z][a-z])ph", "f"),  # sulphur
    (r"(?<=[a-z][a-z][a-z])ium", "um"),  # aluminium
    (r"amme(?=s?$)", "am"),  # programme
    (r"mould", "mold"),  # mould
    (r"(?<=[a-z])gh(?=[aeou])", "g"),  # yoghurt
    (r"(?<=gr)ey", "ay"),  # grey
    (r"tyre(?=s?$)", "tire"),  # tyre
)
_PATTERNS = tuple((re.compile(pattern), form) for pattern, form in _REGULAR)
_SILENT = re.compile(r"(?<=[cr])h(?=[aeiou])")


def other_spelling(unit: Unit, general: AbstractSet[str], catalogue: KnownCatalogue) -> str | None:
    """Return how titles spell a word of English that none of them has so; `None`: they do not.

    Args:
        unit: of the query.
        general: words of English.
        catalogue: what was learned from it.
    """
    word, one = unit.text, singular(unit.text)
    if (
        catalogue.lexicon.language != _ENGLISH
        or not unit.is_word
        or len(word) < _SHORTEST
        or (word not in general and one not in general)
        or one in catalogue.lexicon.brands
        or catalogue.in_titles(word)
    ):
        return None
    spelt = _one_spelling(word)
    alike = [
        (catalogue.in_titles(near), -edits, near)
        for near, edits in catalogue.near_words.within(word, _MOST_EDITS)
        if _one_spelling(near) == spelt and catalogue.in_titles(near)
    ]
    return max(alike, default=(0, 0, None))[2]


def _one_spelling(word: str) -> str:
    """Return what is equal for all spellings and both numbers of a word."""
    word = singular(word)
    if len(word) >= _SHORTEST_SILENT:
        word = _SILENT.sub("", word)
    for pattern, form in _PATTERNS:
        word = pattern.sub(form, word)
    return word
