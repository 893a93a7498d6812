"""How well a product fits a query, judged by the products most like it.

A toner for printers has "printer" in its title as printers do; but the products like it, those with
the same attributes and a similar vector, are called toner. So the words of the query are looked for
in the titles of a product's neighbours: an accessory finds few of them there. What the query says
of brand or property is looked for in the product itself.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reranker.training.generated_queries import GeneratedQuery
from reranker.training.training_product import TrainingCatalogue, TrainingProduct, folded_words

_NEIGHBOURS = 40
_FEWEST_NEIGHBOURS = 8
"""Of a rare kind only so many neighbours are asked as there are products of it, and no fewer."""
_MOST_REFERENCES = 50_000
"""Products that neighbours are looked for among; more take longer and change little."""
_PROJECTED = 256
_LEAST_COUNT = 3
_COHESIVE = 0.5
_SAMPLED = 5
_BLOCK = 512


class KindAgreement:
    """Neighbours are looked up once a product."""

    def __init__(self, catalogue: TrainingCatalogue, seed: int) -> None:
        """Prepare the likeness of products.

        Attribute names, weighted by how rare they are, are projected to 256 random dimensions,
        which keeps their cosines nearly (random indexing), and stand beside the product's vector.

        Args:
            catalogue: all products.
            seed: of the projection, and of the references where there are too many products.
        """
        self._products = catalogue.products
        random = np.random.default_rng(seed)
        self._features = _features(catalogue, random)
        number = len(self._products)
        self._references = (
            np.sort(random.choice(number, _MOST_REFERENCES, replace=False))
            if number > _MOST_REFERENCES
            else np.arange(number)
        )
        self._neighbours: dict[int, NDArray[np.int64]] = {}
        """Nearest first."""
        self._bearers: dict[str, set[int]] = defaultdict(set)
        for place, product in enumerate(self._products):
            for word in product.title_words:
                self._bearers[word].add(place)

    def look_up(self, places: Sequence[int]) -> None:
        """Find the neighbours of these products, many at once."""
        missing = [place for place in dict.fromkeys(places) if place not in self._neighbours]
        references = self._features[self._references]
        count = min(_NEIGHBOURS, len(self._references))
        for start in range(0, len(missing), _BLOCK):
            block = missing[start : start + _BLOCK]
            likeness = self._features[block] @ references.T
            nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
            for row, place in enumerate(block):
                order = np.argsort(-likeness[row, nearest[row]], kind="stable")
                self._neighbours[place] = self._references[nearest[row][order]]

    def cohesive(self, kinds: Mapping[str, Sequence[int]]) -> dict[str, Sequence[int]]:
        """Return the names that the neighbours of their products bear too.

        `printer` is one; `black` and `high yield` are not: products of all sorts have them.

        Args:
            kinds: name → places of the products that bear it.
        """
        samples = {name: _sample(places) for name, places in kinds.items()}
        self.look_up([place for each in samples.values() for place in each])
        return {
            name: kinds[name]
            for name, places in samples.items()
            if sum(self._named(name, place) for place in places) >= _COHESIVE * len(places)
        }

    def score(self, query: GeneratedQuery, place: int) -> float:
        """Return 0 to 1: the mean over the words of the query of how well each fits.

        Args:
            query: what is looked for.
            place: of the product in the catalogue.
        """
        self.look_up((place,))
        own = self._products[place].own_words
        fits = self._shares(folded_words(query.kind), place)
        fits += [float(word in own) for word in folded_words(query.qualifier)]
        return sum(fits) / len(fits) if fits else 0.0

    def _named(self, name: str, place: int) -> float:
        return min(self._shares(folded_words(name), place), default=0.0)

    def _shares(self, words: Sequence[str], place: int) -> list[float]:
        """Return for each word the share of the product's neighbours that are called so."""
        near = self._neighbours[place][: self._asked(words)]
        neighbours = [self._products[other].title_words for other in near]
        return [sum(word in called for called in neighbours) / len(neighbours) for word in words]

    def _asked(self, words: Sequence[str]) -> int:
        """Return how many neighbours can be called so: a rare kind has not 40 products."""
        called = [self._bearers.get(word, set()) for word in words]
        return max(_FEWEST_NEIGHBOURS, len(set.intersection(*called)) if called else 0)


def _sample(places: Sequence[int]) -> Sequence[int]:
    """Return a few of the places, evenly spread."""
    return places[:: max(1, len(places) // _SAMPLED)][:_SAMPLED]


def _features(catalogue: TrainingCatalogue, random: np.random.Generator) -> NDArray[np.float32]:
    names = [_names(product) for product in catalogue.products]
    counts = Counter(name for each in names for name in each)
    known = [name for name, count in counts.items() if count >= _LEAST_COUNT]
    places = {name: place for place, name in enumerate(known)}
    directions = random.standard_normal((len(known), _PROJECTED), np.float32)
    rare = {name: math.log(len(names) / counts[name]) for name in known}
    rows = np.zeros((len(names), _PROJECTED), np.float32)
    for row, each in enumerate(names):
        for name in each:
            if name in places:
                rows[row] += rare[name] * directions[places[name]]
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows if catalogue.vectors is None else np.hstack([rows, catalogue.vectors])


def _names(product: TrainingProduct) -> frozenset[str]:
    """Return what tells kinds of product apart: which attributes they have, what they are called.

    Words of titles count only where there are no attributes: they would find what they look for.
    """
    names = {f"attribute {each}" for each in product.attribute_names}
    names |= {f"kind {each.casefold()}" for each in product.kinds}
    return frozenset(names or {f"word {each}" for each in product.title_words})
