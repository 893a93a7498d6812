"""Words of a language that any shopper may use, whether or not the catalogue does."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from itertools import islice

from query_understanding.spelling.deletion_index import DeletionIndex

NAMING_NOTHING = frozenset(
    (
        "a", "an", "and", "any", "as", "at", "by", "for",
        "from", "in", "is", "it", "my", "of", "on", "or",
        "that", "the", "this", "to", "with", "without",
    )
)  # fmt: skip
"""Words of English that say nothing of a product by themselves."""

_MOST_FREQUENT = 30_000
"""Words that a misspelt one may have meant: the rest (`drags`, `muss`) is hardly ever typed."""
_SHORTEST = 4


@cache
def english_shares() -> Mapping[str, float]:
    """Return 82,765 English words, lower case, with their share of all words; frequent ones first.

    The list is the one that symspellpy ships: Google Books' n-grams cut with SCOWL's spell-checked
    words.
    """
    path = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    counts = {
        word: int(count) for word, _, count in (line.partition(" ") for line in lines if line)
    }
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}


def english_words() -> AbstractSet[str]:
    """Return the English words: `couch` stays `couch` in a shop that only says sofa, however near
    `touch` is.
    """  # noqa: D205 - one sentence
    return english_shares().keys()


@cache
def near_english() -> DeletionIndex:
    """Find the frequent English words that a misspelt one may have meant."""
    frequent = islice(english_shares(), _MOST_FREQUENT)
    return DeletionIndex([word for word in frequent if len(word) >= _SHORTEST and word.isalpha()])
