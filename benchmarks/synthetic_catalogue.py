"""Catalogues of any size that read like a shop's, and what its shoppers type.

The words are English, by the frequency list that symspellpy ships, and as unevenly frequent as
words are: the word of rank r appears in proportion to 1 / r (Zipf 1935). A product is of one of
`TYPES` types; titles name the brand, a model number, a word or two of the type's own vocabulary,
the type and a value of an attribute. Product n is the same in a catalogue of any size, so that the
queries, made from the first products, find something in each.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import Any

import orjson

VOCABULARY = 40_000
TYPES = 400
BRANDS = 2_000
DEPARTMENTS = 20
_FUNCTION_WORDS = 200
"""The most frequent words of the list say nothing: they are left to the descriptions."""
_TYPE_WORDS = 40
"""Words that products of one type are described with."""
_COLOURS = (
    "black", "white", "red", "blue", "grey", "green", "silver", "beige", "brown", "pink", "navy",
    "yellow", "orange", "purple", "gold",
)  # fmt: skip
_MATERIALS = (
    "steel", "cotton", "plastic", "wood", "leather", "aluminium", "glass", "wool", "ceramic",
    "nylon", "rubber", "paper",
)  # fmt: skip
_SEED = 7


class _Zipf:
    """Draws places of a list, the first most often."""

    def __init__(self, size: int, exponent: float) -> None:
        self._sums = list(accumulate(1 / (rank + 1) ** exponent for rank in range(size)))

    def draw(self, choose: random.Random) -> int:
        return bisect(self._sums, choose.random() * self._sums[-1])


class SyntheticCatalogue:
    """Rows and queries; the same in every run."""

    def __init__(self) -> None:
        choose = random.Random(_SEED)
        words = _frequent_words(_FUNCTION_WORDS + VOCABULARY)
        self._function_words, self._words = words[:_FUNCTION_WORDS], words[_FUNCTION_WORDS:]
        named = choose.sample(self._words[:12_000], 2 * TYPES + BRANDS)
        self._brands = [word.capitalize() for word in named[2 * TYPES :]]
        # One type in two has a name of two words, as `coffee maker` has.
        self._types = [
            named[place] if place % 2 else f"{named[place]} {named[TYPES + place]}"
            for place in range(TYPES)
        ]
        self._type_words = [choose.sample(self._words, _TYPE_WORDS) for _ in range(TYPES)]
        self._attributes = [
            {
                choose.choice(self._words[:3_000]): choose.sample(self._words[:8_000], 12)
                for _ in range(6)
            }
            for _ in range(TYPES)
        ]
        self._type_ranks, self._brand_ranks = _Zipf(TYPES, 0.8), _Zipf(BRANDS, 0.9)
        self._word_ranks = _Zipf(VOCABULARY, 1.0)
        self._own_ranks = _Zipf(_TYPE_WORDS, 0.7)

    def write(self, path: Path, rows: int) -> None:
        """Write the first products as JSON Lines."""
        with path.open("wb") as lines:
            for row in self._rows(rows):
                lines.write(orjson.dumps(row))
                lines.write(b"\n")

    def queries(self, count: int) -> list[str]:
        """Return different queries of one to four words, as shoppers type them.

        Each is about one of the first 20,000 products: its type, or its type with the colour, an
        attribute's value, the brand, or two of them.
        """
        choose = random.Random(_SEED + 1)
        products = list(self._rows(20_000))
        queries: dict[str, None] = {}
        while len(queries) < count:
            product = choose.choice(products)
            attributes = product["attributes"]
            value = choose.choice([each for each in attributes.values() if each.isalpha()])
            more = [product["brand"].lower(), attributes["colour"], value]
            words = choose.sample(more, choose.choices((0, 1, 2), (2, 5, 3))[0])
            queries[" ".join((*words, product["product_type"]))] = None
        return list(queries)

    def _rows(self, count: int) -> Iterator[dict[str, Any]]:
        choose = random.Random(_SEED + 2)
        for number in range(count):
            yield self._row(number, choose)

    def _row(self, number: int, choose: random.Random) -> dict[str, Any]:
        kind = self._type_ranks.draw(choose)
        name, own = self._types[kind], self._type_words[kind]
        brand = self._brands[self._brand_ranks.draw(choose)]
        colour = choose.choice(_COLOURS)
        model = f"{name[:2].upper()}-{choose.randrange(100, 10_000)}{choose.choice('ABCDEX')}"
        known = {key: choose.choice(values) for key, values in self._attributes[kind].items()}
        title = (brand, model, own[self._own_ranks.draw(choose)], name, colour, *known.values())
        return {
            "id": f"p{number}",
            "title": " ".join(title[: choose.randint(4, 7)]),
            "description": self._description(own, choose),
            "brand": brand,
            "price": round(choose.lognormvariate(2.5 + kind % 5, 0.5), 2),
            "category": [f"Department {kind % DEPARTMENTS}", name.capitalize()],
            "product_type": name,
            "attributes": {
                "colour": colour,
                "material": choose.choice(_MATERIALS),
                "weight": f"{choose.randint(1, 400) / 10} kg",
                **known,
            },
        }

    def _description(self, own: Sequence[str], choose: random.Random) -> str:
        words = []
        for _ in range(choose.randint(15, 40)):
            kind = choose.random()
            if kind < 0.3:
                words.append(choose.choice(self._function_words))
            elif kind < 0.6:
                words.append(own[self._own_ranks.draw(choose)])
            else:
                words.append(self._words[self._word_ranks.draw(choose)])
        return " ".join(words).capitalize() + "."


def _frequent_words(count: int) -> list[str]:
    path = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    words = (line.partition(" ")[0] for line in lines)
    return [word for word in words if len(word) > 1][:count]
