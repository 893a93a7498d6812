"""A lexicon with the indices that rewriters look things up in, built when first needed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import is_cjk, singular
from query_understanding.quantities.counted_names import CountedNames
from query_understanding.spelling.chinese_words import chinese_words
from query_understanding.spelling.deletion_index import DeletionIndex
from query_understanding.spelling.general_words import english_words, near_english
from query_understanding.spelling.homophones import Homophones

_SHORTEST_WORD = 3
_RAREST_WORD = 2
"""Products that a word needs to be corrected to: words seen once are often misspelt themselves,
unless they are words of the language."""
_LIFT = 3.0
"""Times that two words have to stand together as often as chance would have it."""
_SOME_CHINESE = 100
"""Pairs of characters from which shoppers will write Chinese: a stray title has some."""
_SMALL_CATALOGUE = 5_000
"""Up to so many products, words seen once count too: there are few of any."""


class KnownCatalogue:
    """What rewriters know of the catalogue. Immutable in all that can be seen of it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    @cached_property
    def near_words(self) -> DeletionIndex:
        """Find the words that a misspelt one may have meant."""
        return DeletionIndex(
            [
                word
                for word in self.lexicon.words
                if len(word) >= _SHORTEST_WORD
                and word.isalpha()
                and not is_cjk(word)
                and (self.is_trusted(word) or word in english_words())
            ]
        )

    def is_trusted(self, word: str) -> bool:
        """Say whether enough products have a word for it to be no typing error of the catalogue."""
        fewest = 1 if self.lexicon.products <= _SMALL_CATALOGUE else _RAREST_WORD
        return self.lexicon.words.get(word, 0) >= fewest

    def in_titles(self, word: str) -> int:
        """Return how many titles have a word, whether singular or plural."""
        return self._title_counts.get(singular(word), 0)

    def support(self, word: str, others: Iterable[str]) -> int:
        """Return how many titles have a word together with one of the others, the most frequent.

        Words that stand together no more often than chance would have it count for nothing.
        """
        one = singular(word)
        return max((self._together(one, singular(other)) for other in others), default=0)

    def together(self, word: str, other: str) -> int:
        """Return how many titles have both words, wherever they stand; rare pairs are not known."""
        one, two = singular(word), singular(other)
        if one == two:
            return 0
        return self.lexicon.companions.get(f"{one} {two}" if one < two else f"{two} {one}", 0)

    def _together(self, one: str, other: str) -> int:
        both = self.together(one, other)
        by_chance = self.in_titles(one) * self.in_titles(other) / max(self.lexicon.products, 1)
        return both if both >= _LIFT * by_chance else 0

    @cached_property
    def _title_counts(self) -> Mapping[str, int]:
        return {word: sum(kinds.values()) for word, kinds in self.lexicon.word_kinds.items()}

    @cached_property
    def most_titles(self) -> int:
        """How many titles have the word that most titles have."""
        return max(self._title_counts.values(), default=0)

    def kind_share(self, word: str) -> float:
        """Return the share of the kinds of product whose name has a word, singular or plural."""
        return self._kind_words.get(singular(word), 0) / max(len(self.lexicon.kinds), 1)

    @cached_property
    def _kind_words(self) -> Mapping[str, int]:
        """Word → kinds whose name has it."""
        counts: Counter[str] = Counter()
        for name, places in self.lexicon.kind_places.items():
            counts.update({singular(word): len(places) for word in name.split()})
        return counts

    @cached_property
    def kind_numbers(self) -> Mapping[tuple[str, str], int]:
        """Field and name of each kind → its place in `lexicon.kinds`."""
        return {(kind.field, kind.name): place for place, kind in enumerate(self.lexicon.kinds)}

    @cached_property
    def counterparts(self) -> Mapping[int, int]:
        """Place of a kind in `lexicon.kinds` → of the same kind in another script."""
        return {
            one: other
            for pair in self.lexicon.counterparts
            for one, other in (pair, reversed(pair))
        }

    @cached_property
    def homophones(self) -> Homophones:
        """Find the Chinese words that sound as what was typed."""
        return Homophones(self.lexicon.cjk_pairs)

    @cached_property
    def counted_names(self) -> CountedNames:
        """Find the attributes that count things."""
        return CountedNames(self.lexicon)

    @cached_property
    def yes_no_attributes(self) -> tuple[tuple[str, str], ...]:
        """The phrase and the key of each attribute that some products have as `true`."""
        return tuple(
            (phrase, values[0].attribute)
            for phrase, values in self.lexicon.values.items()
            if values[0].value == "true"
        )

    def warm_up(self) -> None:
        """Build the indices now, so that no shopper waits for them."""
        _ = self.near_words
        _ = self.most_titles
        self.kind_share("")
        _ = self.yes_no_attributes
        _ = self.counted_names
        self.homophones.spelt("")
        if len(self.lexicon.cjk_pairs) >= _SOME_CHINESE:
            chinese_words("")
        if self.lexicon.language == "en":
            near_english()
