"""What moves products of the rerank window besides relevance."""

from collections.abc import Mapping, Sequence
from typing import Any

from retrieval.score_fusion import min_max_normalised
from search_core import Contribution, attribute_key
from search_core.settings import BusinessSignals

POPULARITY = "popularity"
AVAILABLE = "available"
SIGNAL = "signal: "
"""Before the name of a field or attribute of the shop's own choice."""

_Documents = Sequence[Mapping[str, Any]]


def business_parts(
    documents: _Documents, settings: BusinessSignals
) -> list[tuple[Contribution, ...]]:
    """Return what each signal that has a weight adds to each product's mixed score.

    Args:
        documents: the stored products of the window; an empty one is gone meanwhile.
        settings: which signals, and their weights.
    """
    columns = [
        (POPULARITY, settings.popularity_weight, _popularity(documents)),
        (AVAILABLE, settings.available_weight, _availability(documents)),
        *(
            (f"{SIGNAL}{name}", weight, _places(documents, name, falling=weight < 0))
            for name, weight in settings.weights.items()
        ),
    ]
    return [
        tuple(
            Contribution(leg=name, weight=weight, value=abs(weight) * values[place])
            for name, weight, values in columns
            if weight
        )
        for place in range(len(documents))
    ]


def _popularity(documents: _Documents) -> list[float]:
    """Return popularity as a share of the highest: a count, of which 0 is none."""
    counts = [float(each.get("popularity") or 0.0) for each in documents]
    highest = max(counts, default=0.0)
    return [count / highest if highest > 0 else 0.0 for count in counts]


def _availability(documents: _Documents) -> list[float]:
    return [1.0 if each.get("available") is True else 0.0 for each in documents]


def _places(documents: _Documents, name: str, *, falling: bool) -> list[float]:
    """Return each number's place between the window's lowest and highest, from 0 to 1.

    Where all have the same number, nobody gains: it tells nothing apart.

    Args:
        documents: the window.
        name: of the field or attribute.
        falling: the lowest is 1.
    """
    numbers = [_number(each, name) for each in documents]
    known = [number for number in numbers if number is not None]
    if not known or min(known) == max(known):
        return [0.0] * len(numbers)
    places = iter(min_max_normalised([-each if falling else each for each in known]))
    return [0.0 if number is None else next(places) for number in numbers]


def _number(document: Mapping[str, Any], name: str) -> float | None:
    """Return a field's number, else an attribute's; `None`: the product has neither."""
    if document.get(name) is not None:
        return _as_number(document[name])
    key = attribute_key(name)
    # A number with its unit is stored as the text that was read, and as the number.
    numbers = (
        _as_number(each["value"])
        for each in document.get("attributes") or ()
        if attribute_key(str(each["name"])) == key
    )
    return next((each for each in numbers if each is not None), None)


def _as_number(value: object) -> float | None:
    """Return a number; `None`: it is none, but yes, no or a text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)
