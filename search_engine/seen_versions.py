"""In which version the legs saw each candidate, read only for the few that a page shows."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from search_engine.search_values import DocumentVersion


class SeenVersions(Mapping[str, DocumentVersion]):
    """By product id, the version of its hit; of several legs' hits, the last leg's."""

    def __init__(self, legs: Sequence[Mapping[str, Mapping[str, Any]]]) -> None:
        """Keep the hits.

        Args:
            legs: of each, its hits by product id, with `_seq_no` and `_primary_term`.
        """
        self._legs = [*reversed(legs)]

    def __getitem__(self, product_id: str) -> DocumentVersion:
        for hits in self._legs:
            if product_id in hits:
                return version_of(hits[product_id])
        raise KeyError(product_id)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(chain.from_iterable(self._legs)))

    def __len__(self) -> int:
        return len(set().union(*self._legs))


def version_of(hit: Mapping[str, Any]) -> DocumentVersion:
    """Return the version of a document as one of its hits tells it."""
    return hit["_index"], hit["_seq_no"], hit["_primary_term"]
