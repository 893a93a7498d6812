"""Words of a language that any shopper may use, whether or not the catalogue does."""

from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files


@cache
def english_words() -> AbstractSet[str]:
    """Return 82,765 English words, lower case.

    The list is the one that symspellpy ships: Google Books' n-grams cut with SCOWL's spell-checked
    words. `couch` stays `couch` in a shop that only says sofa, however near `touch` is.
    """
    path = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.partition(" ")[0] for line in lines if line)
