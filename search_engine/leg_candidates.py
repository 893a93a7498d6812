"""A leg's candidates as columns, so that some hundred of them are not made into objects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Self, overload

from search_engine.search_values import Candidate


class LegCandidates(Sequence[Candidate]):
    """Candidates in their order, each made only when it is looked at.

    A search fuses some hundred candidates and shows ten: fusion reads the columns.
    """

    __slots__ = ("boosts", "exact_codes", "groups", "ids", "scores")

    def __init__(
        self,
        ids: Sequence[str],
        scores: Sequence[float],
        *,
        groups: Mapping[str, str] | None = None,
        exact_codes: frozenset[str] = frozenset(),
        boosts: Mapping[str, tuple[int, ...]] | None = None,
    ) -> None:
        """Keep the columns.

        Args:
            ids: of the products, each once.
            scores: of each, in the same order.
            groups: variant groups by product id; without one a product is its own.
            exact_codes: products of which the query is a code.
            boosts: by product id, the places of the boosts that it passes, where there are any.
        """
        self.ids = ids
        self.scores = scores
        self.groups: Mapping[str, str] = {} if groups is None else groups
        self.exact_codes = exact_codes
        self.boosts: Mapping[str, tuple[int, ...]] = {} if boosts is None else boosts

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Self:
        """Return candidates as columns: themselves where they are."""
        if isinstance(candidates, cls):
            return candidates
        return cls(
            [each.product_id for each in candidates],
            [each.score for each in candidates],
            groups={each.product_id: each.variant_group for each in candidates},
            exact_codes=frozenset(each.product_id for each in candidates if each.exact_code),
            boosts={each.product_id: each.boosts for each in candidates if each.boosts},
        )

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, place: int) -> Candidate: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Candidate, ...]: ...
    def __getitem__(self, place: int | slice) -> Candidate | tuple[Candidate, ...]:
        if isinstance(place, slice):
            return tuple(map(self._candidate, range(*place.indices(len(self.ids)))))
        return self._candidate(place)

    def __iter__(self) -> Iterator[Candidate]:
        return map(self._candidate, range(len(self.ids)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment] # as of any sequence that may hold lists

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)!r})"

    def first(self, count: int) -> Self:
        """Return the first candidates."""
        return type(self)(
            self.ids[:count],
            self.scores[:count],
            groups=self.groups,
            exact_codes=self.exact_codes.intersection(self.ids[:count]),
            boosts={each: self.boosts[each] for each in self.ids[:count] if each in self.boosts},
        )

    def _candidate(self, place: int) -> Candidate:
        product_id = self.ids[place]
        return Candidate(
            product_id,
            self.scores[place],
            self.groups.get(product_id, product_id),
            product_id in self.exact_codes,
            self.boosts.get(product_id, ()),
        )
