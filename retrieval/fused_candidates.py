"""Fused candidates as columns, so that some hundred of them are not made into objects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, overload


class FusedCandidate(NamedTuple):
    """A candidate with its fused score."""

    product_id: str
    variant_group: str
    fused_score: float
    exact_code: bool
    """The query is one of the product's codes: such products stand first."""


class FusedCandidates(Sequence[FusedCandidate]):
    """Candidates in their order, each made only when it is looked at: a page shows ten of them."""

    __slots__ = ("_exact_codes", "_groups", "ids", "scores")

    def __init__(
        self,
        ids: Sequence[str],
        scores: Sequence[float],
        groups: Mapping[str, str],
        exact_codes: frozenset[str],
    ) -> None:
        """Keep the columns.

        Args:
            ids: of the products, best first.
            scores: of each, in the same order.
            groups: variant groups by product id; without one a product is its own.
            exact_codes: products of which the query is a code.
        """
        self.ids = ids
        self.scores = scores
        self._groups = groups
        self._exact_codes = exact_codes

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> FusedCandidate: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[FusedCandidate, ...]: ...
    def __getitem__(self, place: int | slice) -> FusedCandidate | tuple[FusedCandidate, ...]:
        if isinstance(place, slice):
            return tuple(map(self._candidate, range(*place.indices(len(self.ids)))))
        return self._candidate(place)

    def __iter__(self) -> Iterator[FusedCandidate]:
        return map(self._candidate, range(len(self.ids)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)!r})"

    def collapsed(self) -> "FusedCandidates":
        """Return the best candidate of each variant group, in the same order."""
        first: dict[str, int] = {}
        for place, product_id in enumerate(self.ids):
            first.setdefault(self._groups.get(product_id, product_id), place)
        return FusedCandidates(
            [self.ids[place] for place in first.values()],
            [self.scores[place] for place in first.values()],
            self._groups,
            self._exact_codes,
        )

    def _candidate(self, place: int) -> FusedCandidate:
        product_id = self.ids[place]
        return FusedCandidate(
            product_id,
            self._groups.get(product_id, product_id),
            self.scores[place],
            product_id in self._exact_codes,
        )


def ids_of(candidates: Sequence[FusedCandidate]) -> Sequence[str]:
    """Return the product ids of candidates, in their order."""
    if isinstance(candidates, FusedCandidates):
        return candidates.ids
    return [each.product_id for each in candidates]


def scores_of(candidates: Sequence[FusedCandidate]) -> Sequence[float]:
    """Return the fused scores of candidates, in their order."""
    if isinstance(candidates, FusedCandidates):
        return candidates.scores
    return [each.fused_score for each in candidates]
