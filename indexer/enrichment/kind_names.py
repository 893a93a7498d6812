"""Which words of a product may name what it is, the likeliest of each text first."""

import re
from collections.abc import Iterator

from indexer.enrichment.function_words import FUNCTION_WORDS
from search_core import Product, is_cjk, singular, unit_texts

_LONGEST_NAME = 3
"""Words."""
_SHORTEST_NAME = 3
"""Characters: two letters are a unit or a code more often than a name."""
_SIDE_BY_SIDE = re.compile(r"[&/,]|\band\b", re.IGNORECASE)
"""Between two kinds in the name of one type: `Nappies & wipes`."""
_NAME_ENDS = re.compile(r"[,;:(\[/|–—]|\s-\s|\d")
"""What a title says after one of these is no longer the thing's name, but its properties."""


def kind_phrases(product: Product) -> Iterator[str]:
    """Yield the texts that end in what a product is.

    Those are its type, or where it has none its narrowest category, which says less exactly what
    the thing is; and its title up to the first comma, number, `for`, `with` and the like.
    """
    kinds = product.product_type or " & ".join(product.category_path[-1:])
    yield from filter(None, map(str.strip, _SIDE_BY_SIDE.split(kinds)))
    yield _beginning(product.title)


def kind_names(phrase: str) -> Iterator[tuple[str, ...]]:
    """Yield the names that end a phrase, then those that end before its last word, and so on.

    Yields:
        Wordings of one name, the written one and its singular; of names that end in the same word
        the longest first. Folded.
    """
    units = unit_texts(phrase)
    for end in range(len(units), 0, -1):
        for length in range(min(_LONGEST_NAME, end), 0, -1):
            words = units[end - length : end]
            name = " ".join(words)
            if len(name) >= _SHORTEST_NAME and not any(map(is_cjk, words)):
                yield tuple(dict.fromkeys((name, " ".join((*words[:-1], singular(words[-1]))))))


def _beginning(title: str) -> str:
    parts = (part.strip() for part in _NAME_ENDS.split(title))
    words = next(filter(None, parts), "").split()
    for place, word in enumerate(words[1:], start=1):
        if word.casefold() in FUNCTION_WORDS:
            return " ".join(words[:place])
    return " ".join(words)
