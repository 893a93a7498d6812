"""Fusion: the legs' candidates as one ranking, with what each leg contributed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from retrieval.reciprocal_rank_fusion import reciprocal_rank_values
from retrieval.score_fusion import (
    distribution_normalised,
    min_max_normalised,
    z_score_normalised,
)
from search_core import Boost, Contribution, LegFactor, LegScore
from search_core.settings import FusionMethod, FusionSettings
from search_engine import Candidate, Leg, LegResult

_LOWEST = -0.95
"""What unwanted products keep of their score, so that they stay in order among themselves."""


class FusedCandidate(NamedTuple):
    """A candidate with its fused score. A tuple for the reason that `Candidate` is one."""

    product_id: str
    variant_group: str
    fused_score: float
    exact_code: bool
    """The query is one of the product's codes: such products stand first."""


class FusedRanking:
    """Every candidate once, best first; and, when asked, how each came to its score.

    Order: products whose code is the whole query, then fused score descending, then product id
    ascending. Details are worked out on demand: a search fuses some hundred candidates and shows
    ten.
    """

    def __init__(
        self,
        results: Mapping[Leg, LegResult],
        settings: FusionSettings,
        boosts: Sequence[Boost] = (),
        leg_factors: Sequence[LegFactor] = (),
    ) -> None:
        """Fuse.

        Args:
            results: what each leg found.
            settings: method and weights. Legs without weight are left out.
            boosts: what the candidates' places in `Candidate.boosts` stand for.
            leg_factors: what this query's class does to the weights.
        """
        self._boosts = tuple(boosts)
        self._weights = leg_weights(settings, leg_factors)
        self._found = {
            leg: result.candidates for leg, result in results.items() if self._weights[leg] > 0
        }
        self._values = {
            leg: _weighted_values(candidates, self._weights[leg], settings)
            for leg, candidates in self._found.items()
        }
        self._passed: dict[str, tuple[int, ...]] = {}
        self._unboosted: dict[str, float] = {}
        self._ranks: dict[Leg, dict[str, int]] = {}
        self.candidates = self._fuse()

    def collapsed(self) -> tuple[FusedCandidate, ...]:
        """Return the best-ranked candidate of each variant group, in the same order."""
        first: dict[str, FusedCandidate] = {}
        for candidate in self.candidates:
            first.setdefault(candidate.variant_group, candidate)
        return tuple(first.values())

    def legs_of(self, product_id: str) -> tuple[LegScore, ...]:
        """Return where each leg that found a product ranked it."""
        return tuple(
            LegScore(leg=leg.value, rank=rank, score=self._found[leg][rank - 1].score)
            for leg, rank in self._ranks_of(product_id)
        )

    def contributions_of(self, product_id: str) -> tuple[Contribution, ...]:
        """Return what each leg and each boost added to a product's fused score."""
        legs = [
            Contribution(
                leg=leg.value, weight=self._weights[leg], value=self._values[leg][rank - 1]
            )
            for leg, rank in self._ranks_of(product_id)
        ]
        return (*legs, *self._boost_contributions(product_id))

    def _boost_contributions(self, product_id: str) -> list[Contribution]:
        boosts = [self._boosts[place] for place in self._passed.get(product_id, ())]
        total = sum(each.weight for each in boosts)
        # Where the sum was held at the lowest, each takes away its part of that.
        part = self._weight_of(self._passed[product_id]) / total if total else 0.0
        return [
            Contribution(
                leg=f"boost: {each.reason}",
                weight=each.weight,
                value=each.weight * part * self._unboosted[product_id],
            )
            for each in boosts
        ]

    def _ranks_of(self, product_id: str) -> list[tuple[Leg, int]]:
        if not self._ranks:
            self._ranks = {
                leg: {each.product_id: rank for rank, each in enumerate(candidates, start=1)}
                for leg, candidates in self._found.items()
            }
        return [
            (leg, ranks[product_id]) for leg, ranks in self._ranks.items() if product_id in ranks
        ]

    def _fuse(self) -> tuple[FusedCandidate, ...]:
        scores: dict[str, float] = {}
        groups: dict[str, str] = {}
        exact: set[str] = set()
        for leg, candidates in self._found.items():
            # Taken apart at once: some hundred candidates, of which each look-up by name counts.
            for (product_id, _, group, is_code, boosts), value in zip(
                candidates, self._values[leg], strict=True
            ):
                scores[product_id] = scores.get(product_id, 0.0) + value
                groups[product_id] = group
                if is_code:
                    exact.add(product_id)
                if boosts:
                    self._passed[product_id] = boosts
        self._add_boosts(scores)
        return tuple(
            FusedCandidate(each, groups[each], scores[each], each in exact)
            for each in _in_order(scores, exact)
        )

    def _add_boosts(self, scores: dict[str, float]) -> None:
        """Multiply each score by 1 plus the weights of the boosts that the product passes.

        A share of the product's own score, not of the best: what hardly matches the query stays
        below what does, however many boosts it passes (measured in docs/query_understanding.md).
        """
        self._unboosted = {product_id: scores[product_id] for product_id in self._passed}
        for product_id, places in self._passed.items():
            scores[product_id] *= 1 + self._weight_of(places)

    def _weight_of(self, places: Sequence[int]) -> float:
        """Return the weight of several boosts, held so that no score turns round."""
        return max(_LOWEST, sum(self._boosts[place].weight for place in places))


def _in_order(scores: Mapping[str, float], exact: set[str]) -> list[str]:
    """Return ids in the order of `FusedRanking`."""
    # Sorts keep the order of equals: two by one key each take half as long as one by both.
    order = sorted(scores)
    order.sort(key=scores.__getitem__, reverse=True)
    if exact:
        order.sort(key=exact.__contains__, reverse=True)
    return order


def leg_weights(settings: FusionSettings, factors: Sequence[LegFactor] = ()) -> dict[Leg, float]:
    """Return the weight of each leg, as the settings say and a query's plan changes it."""
    by_leg = {each.leg: each.factor for each in factors}
    weights = {
        Leg.ALL_TERMS: settings.all_terms_weight,
        Leg.SOME_TERMS: settings.some_terms_weight,
        Leg.DENSE: settings.dense_weight,
    }
    return {leg: weight * by_leg.get(leg.value, 1.0) for leg, weight in weights.items()}


def _weighted_values(
    candidates: Sequence[Candidate], weight: float, settings: FusionSettings
) -> list[float]:
    """Return what a leg adds to the score of each of its candidates, in the leg's order."""
    if settings.method is FusionMethod.RECIPROCAL_RANK:
        values = reciprocal_rank_values(len(candidates), settings.rank_constant)
    else:
        normalise = {
            FusionMethod.MIN_MAX: min_max_normalised,
            FusionMethod.Z_SCORE: z_score_normalised,
            FusionMethod.DISTRIBUTION: distribution_normalised,
        }[settings.method]
        values = normalise([each.score for each in candidates])
    return [weight * value for value in values]
