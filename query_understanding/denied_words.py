"""Negations that stay in a text because titles have them: `gluten free`, `no added sugar`."""

from collections.abc import Sequence
from itertools import pairwise

from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import is_cjk, units, without

_FREE = "free"
"""Denies the word before it, as `negation` reads it too."""
_DENYING = frozenset({"no", "non", "not", "without"})
"""Deny the words after them."""
_LONGEST = 3
"""Words of a negation."""


def denied_words(words: Sequence[str], lexicon: Lexicon) -> tuple[range, ...]:
    """Return the places of the words of each negation; none overlap.

    What is denied goes as far as titles go on: `no added sugar` where they have *added sugar*.

    Args:
        words: folded, in their order.
        lexicon: of the catalogue.
    """
    found: list[range] = []
    start = 0
    while start < len(words):
        count = _length_at(words[start : start + _LONGEST], lexicon)
        if count:
            found.append(range(start, start + count))
        start += max(count, 1)
    return tuple(found)


def without_denied(text: str, lexicon: Lexicon) -> str:
    """Return the text without what `no` and its like deny before other words, which is no kind.

    `no added sugar juice` is about juice. `gluten free` stays: it is mostly the name of a property,
    and titles say of which kinds.
    """
    found = units(text)
    texts = [each.text for each in found]
    denied = [each for each in denied_words(texts, lexicon) if texts[each[0]] in _DENYING]
    spans = [(found[each[0]].start, found[each[-1]].end) for each in denied]
    if not denied or denied[-1][-1] == len(found) - 1:
        return text
    return without(text, spans)


def _length_at(words: Sequence[str], lexicon: Lexicon) -> int:
    """Return how many words at the beginning are a negation; 0: none."""
    first, *following = words
    if following and following[0] == _FREE and not is_cjk(first):
        return 2
    if first not in _DENYING or not following or not following[0].isalpha():
        return 0
    beside = [f"{one} {other}" in lexicon.pairs for one, other in pairwise(following)]
    return 2 + (beside.index(False) if False in beside else len(beside))
