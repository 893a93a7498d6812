"""Learns what category shares need besides the words of titles, and how sure they may be."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from query_understanding.categories.category_shares import known_words, pair_key, shares_of
from query_understanding.lexicon.bounded_counter import BoundedCounter
from query_understanding.lexicon.lexicon import CategoryCalibration, Lexicon
from query_understanding.lexicon.product_words import singular

_MOST_PAIRS = 60_000
"""Pairs of title words with a kind counted at once."""
_FEWEST = 2
"""Products that a pair needs to be kept: what stands in one title teaches nothing."""
_MOST_KINDS_A_PAIR = 20
_SAMPLE = 400
"""Titles that the calibration is found on."""
_LONGEST_QUERY = 4
_TEMPERATURES = (0.7, 0.85, 1.0, 1.2, 1.45, 1.75, 2.1, 2.5)
_PAIR_WEIGHTS = (0.0, 0.3, 0.6)
_SIZE_WEIGHTS = (0.5, 1.0)
_DOUBTS = (0.0, 0.03, 0.1)
_SMALL_CATALOGUE = 5_000
"""Up to so many products, pairs of one title count too: there are few of any."""

Kind = tuple[str, str]
"""Field and name, as the lexicon's learner tells kinds apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Title:
    words: tuple[str, ...]
    kind: Kind | None


class CategoryLearner:
    """Counts, title by title, in bounded memory."""

    def __init__(self, seed: int = 0) -> None:
        """Begin with nothing; equal seeds sample equal titles."""
        self._pairs: BoundedCounter[tuple[str, Kind | None]] = BoundedCounter(_MOST_PAIRS)
        self._paths: defaultdict[Kind, Counter[tuple[str, ...]]] = defaultdict(Counter)
        self._seen = 0
        self._kindless = 0
        self._sample: list[_Title] = []
        self._choose = Random(seed)  # noqa: S311 - a sample is no secret

    def observe(self, title: Sequence[str], kind: Kind | None, path: tuple[str, ...]) -> None:
        """Count one product.

        Args:
            title: its units, folded.
            kind: what it is; `None`: the catalogue does not say.
            path: its categories from the widest to the narrowest, each as products are filtered by.
        """
        words = [singular(word) for word in title]
        self._pairs.update({(pair_key(*pair), kind) for pair in pairwise(words)})
        if kind is None:
            self._kindless += 1
        else:
            self._paths[kind][path] += 1
        self._keep(_Title(words=tuple(words), kind=kind))

    def _keep(self, title: _Title) -> None:
        """Keep a uniform sample of all titles so far. Source: Vitter 1985, algorithm R."""
        self._seen += 1
        if len(self._sample) < _SAMPLE:
            self._sample.append(title)
            return
        place = self._choose.randrange(self._seen)
        if place < _SAMPLE:
            self._sample[place] = title

    def finish(self, lexicon: Lexicon, places: Mapping[Kind | None, int]) -> Lexicon:
        """Return the lexicon with what was learned here.

        Args:
            lexicon: with its kinds and the kinds of words.
            places: of each kind in `lexicon.kinds`.
        """
        fewest = 1 if lexicon.products <= _SMALL_CATALOGUE else _FEWEST
        tables: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for (pair, kind), count in self._pairs.taken().items():
            if count >= fewest and kind in places:
                tables[pair][places[kind]] = count
        kinds = tuple(
            replace(kind, path=self._path(kind.field, kind.name)) for kind in lexicon.kinds
        )
        lexicon = replace(
            lexicon,
            kinds=kinds,
            kindless=self._kindless,
            pair_kinds={
                pair: dict(counts.most_common(_MOST_KINDS_A_PAIR))
                for pair, counts in tables.items()
            },
        )
        return replace(lexicon, category_calibration=self._calibration(lexicon, places))

    def _path(self, field: str, name: str) -> tuple[str, ...]:
        """Return where most products of a kind stand, without the kind itself."""
        (path, _), *_ = self._paths[field, name].most_common(1)
        return tuple(step for step in path if step != name)

    def _calibration(
        self, lexicon: Lexicon, places: Mapping[Kind | None, int]
    ) -> CategoryCalibration:
        """Return what makes queries cut from titles likeliest, each guessed without its product."""
        queries = [
            (words, places[title.kind])
            for title in self._sample
            if title.kind in places and (words := self._as_query(title, lexicon))
        ]
        choices = [
            CategoryCalibration(temperature=1.0, pair_weight=pairs, doubt=doubt, size_weight=size)
            for pairs in _PAIR_WEIGHTS
            for doubt in _DOUBTS
            for size in _SIZE_WEIGHTS
        ]
        if not queries or len(lexicon.kinds) <= 1:
            return CategoryCalibration()
        best = min(choices, key=lambda choice: _loss(queries, lexicon, choice))
        warmer = [replace(best, temperature=each) for each in _TEMPERATURES]
        return min(warmer, key=lambda choice: _loss(queries, lexicon, choice))

    def _as_query(self, title: _Title, lexicon: Lexicon) -> list[str]:
        return known_words(short_form(title.words, self._choose), lexicon)


def short_form(words: Sequence[str], choose: Random) -> list[str]:
    """Return one to four words of a title that stand side by side, without sizes and codes."""
    told = [word for word in words if not any(each.isdigit() for each in word)]
    if not told:
        return []
    length = min(choose.randint(1, _LONGEST_QUERY), len(told))
    start = choose.randint(0, len(told) - length)
    return list(told[start : start + length])


def _loss(
    queries: Sequence[tuple[Sequence[str], int]], lexicon: Lexicon, choice: CategoryCalibration
) -> float:
    """Return the mean negative log-likelihood of the true kinds; `NO_KIND` is one of them."""
    total = 0.0
    for words, place in queries:
        shares = shares_of(words, lexicon, choice, left_out=place)
        total -= math.log(max(shares.get(place, 0.0), 1e-4))
    return total / len(queries)
