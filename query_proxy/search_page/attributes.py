"""Which attributes are worth a filter on the search page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from search_core import Hit, attribute_key
from search_engine import DATE_FIELDS, KEYWORD_FIELDS, NUMBER_FIELDS

PRODUCT_FIELDS = KEYWORD_FIELDS | NUMBER_FIELDS | DATE_FIELDS | {"available"}

_MOST = 4
"""More would be a wall on a phone."""
_LEAST_WORTH = 1.5
_LONGEST_VALUE = 40
"""Characters; longer values are sentences, not choices."""


def frequent_attributes(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the keys of the attributes that tell the products of a page apart, best first.

    An attribute is worth as many products as have it, less the more its values differ: a colour
    that products share is a choice, a weight that each has to itself is not.
    """
    values: dict[str, list[frozenset[str]]] = defaultdict(list)
    for hit in hits:
        for key, texts in _values(hit).items():
            if key not in PRODUCT_FIELDS:
                values[key].append(texts)
    worth = {
        key: _worth(found, len(hits))
        for key, found in values.items()
        if all(len(text) <= _LONGEST_VALUE for texts in found for text in texts)
    }
    best = sorted(worth, key=lambda key: (-worth[key], key))
    return tuple(key for key in best[:_MOST] if worth[key] >= _LEAST_WORTH)


def attribute_titles(hits: Iterable[Hit]) -> dict[str, str]:
    """Return by key how the catalogue writes the names of the attributes of some products."""
    titles: dict[str, str] = {}
    for hit in hits:
        for each in hit.document.get("attributes", ()):
            titles.setdefault(attribute_key(each["name"]), title_of(each["name"]))
    return titles


def title_of(name: str) -> str:
    """Return an attribute's name as a heading."""
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _worth(found: Sequence[frozenset[str]], products: int) -> float:
    different = len(frozenset[str]().union(*found))
    if different == 1 and len(found) == products:
        return 0.0  # all have it alike
    return len(found) * max(0.0, 1 - different / (len(found) + 1))


def _values(hit: Hit) -> dict[str, frozenset[str]]:
    values: dict[str, set[str]] = defaultdict(set)
    for each in hit.document.get("attributes", ()):
        unit = each.get("unit")
        text = str(each["value"])
        # `1.2 L` is stored as read and as number and unit: the text alone tells values apart.
        if unit is None:
            values[attribute_key(each["name"])].add(text)
    return {key: frozenset(texts) for key, texts in values.items()}
