"""How likely a word of the catalogue was meant where another was typed."""

import math
from collections.abc import Sequence

from query_understanding.edit_cost import edit_cost
from query_understanding.known_catalogue import KnownCatalogue

_EDIT_PENALTY = 4.0
"""In natural logarithms: a correction one edit further has to be e⁴ = 55 times as frequent."""
_SUPPORT_WEIGHT = 1.5
"""Words that titles have together were meant together: that says more than how frequent each is."""


def log_likelihood(
    typed: str, word: str, others: Sequence[str], catalogue: KnownCatalogue
) -> float:
    """Return the logarithm of how likely a word was meant, up to a constant.

    Half of it is how many titles have the word: shoppers name things as titles do.

    Args:
        typed: folded.
        word: of the catalogue.
        others: the other words of the query.
        catalogue: what was learned from it.
    """
    words = catalogue.lexicon.words.get(word, 0)
    return (
        (math.log1p(words) + math.log1p(catalogue.in_titles(word))) / 2
        + _SUPPORT_WEIGHT * math.log1p(catalogue.support(word, others))
        - _EDIT_PENALTY * edit_cost(typed, word)
    )
