"""Learns which words only products of another language than the catalogue's main one have."""

from collections import Counter
from collections.abc import Mapping, Sequence

from query_understanding.lexicon.bounded_counter import BoundedCounter
from query_understanding.lexicon.product_words import is_cjk, singular

_MOST_WORDS = 30_000
"""Different words with their language counted at once."""
_FEWEST = 2
_LEAST_SHARE = 0.8
"""Of the titles that have a word, those that are in the other language."""
_OWN_SCRIPT = frozenset(
    {
        "ar", "bg", "el", "fa", "he", "hi", "ja", "ko", "mr", "ne", "ru", "sr", "th", "uk", "ur",
        "zh",
    }
)  # fmt: skip
"""Told by their letters. A Latin word in a Chinese title is a name, and no Chinese."""


class ForeignWords:
    """Counts words of titles that are not in the language of most products so far."""

    def __init__(self) -> None:
        self._counts: BoundedCounter[tuple[str, str]] = BoundedCounter(_MOST_WORDS)

    def observe(self, title: Sequence[str], languages: Sequence[str], so_far: Counter[str]) -> None:
        """Count the title of one product.

        Args:
            title: its units, folded.
            languages: of the product.
            so_far: products of each language, up to this one.
        """
        if len(languages) != 1 or languages[0] in _OWN_SCRIPT or len(so_far) <= 1:
            return
        language = languages[0]
        if so_far[language] == max(so_far.values()):
            return
        self._counts.update(
            (word, language) for word in set(title) if word.isalpha() and not is_cjk(word)
        )

    def found(
        self, main: str | None, word_kinds: Mapping[str, Mapping[int, int]]
    ) -> dict[str, str]:
        """Return word → the language that it is told by.

        Args:
            main: language of most products.
            word_kinds: as in the lexicon: how many titles have each word.
        """
        best: dict[str, tuple[int, str]] = {}
        for (word, language), count in self._counts.counts().items():
            titles = sum(word_kinds.get(singular(word), {}).values())
            if language != main and count >= max(_FEWEST, _LEAST_SHARE * titles):
                best[word] = max(best.get(word, (0, "")), (count, language))
        return {word: language for word, (_, language) in best.items()}
