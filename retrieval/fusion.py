"""Fusion: the legs' candidates as one ranking, with what each leg contributed."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from retrieval.fused_candidates import FusedCandidates
from retrieval.reciprocal_rank_fusion import reciprocal_rank_values
from retrieval.score_fusion import (
    distribution_normalised,
    min_max_normalised,
    z_score_normalised,
)
from search_core import Boost, Contribution, LegFactor, LegScore, order_by_score_then_id
from search_core.settings import FusionMethod, FusionSettings
from search_engine import Leg, LegCandidates, LegResult

_LOWEST = -0.95
"""What unwanted products keep of their score, so that they stay in order among themselves."""


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
            leg: LegCandidates.of(result.candidates)
            for leg, result in results.items()
            if self._weights[leg] > 0
        }
        self._values = {
            leg: _weighted_values(candidates, self._weights[leg], settings)
            for leg, candidates in self._found.items()
        }
        self._passed: dict[str, tuple[int, ...]] = {}
        self._unboosted: dict[str, float] = {}
        self._ranks: dict[Leg, dict[str, int]] = {}
        self.candidates = self._fuse()

    def collapsed(self) -> FusedCandidates:
        """Return the best-ranked candidate of each variant group, in the same order."""
        return self.candidates.collapsed()

    def legs_of(self, product_id: str) -> tuple[LegScore, ...]:
        """Return where each leg that found a product ranked it."""
        return tuple(
            LegScore(leg=leg.value, rank=rank, score=self._found[leg].scores[rank - 1])
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
                leg: {each: rank for rank, each in enumerate(candidates.ids, start=1)}
                for leg, candidates in self._found.items()
            }
        return [
            (leg, ranks[product_id]) for leg, ranks in self._ranks.items() if product_id in ranks
        ]

    def _fuse(self) -> FusedCandidates:
        scores: dict[str, float] = {}
        groups: dict[str, str] = {}
        exact: set[str] = set()
        for leg, candidates in self._found.items():
            voted = zip(candidates.ids, self._values[leg], strict=True)
            if scores:
                scores.update({each: scores.get(each, 0.0) + value for each, value in voted})
            else:
                scores = dict(voted)
            groups.update(candidates.groups)
            exact |= candidates.exact_codes
            self._passed.update(candidates.boosts)
        self._add_boosts(scores)
        return _in_order(scores, groups, frozenset(exact))

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


def _in_order(
    scores: Mapping[str, float], groups: Mapping[str, str], exact: frozenset[str]
) -> FusedCandidates:
    """Return candidates in the order of `FusedRanking`."""
    ids = sorted(scores, key=scores.__getitem__, reverse=True)
    values = [scores[each] for each in ids]
    order_by_score_then_id(ids, values)
    if exact:
        # A sort keeps the order of equals.
        ids.sort(key=exact.__contains__, reverse=True)
        values = [scores[each] for each in ids]
    return FusedCandidates(ids, values, groups, exact)


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
    candidates: LegCandidates, weight: float, settings: FusionSettings
) -> Sequence[float]:
    """Return what a leg adds to the score of each of its candidates, in the leg's order."""
    if settings.method is FusionMethod.RECIPROCAL_RANK:
        return _weighted_votes(len(candidates), settings.rank_constant, weight)
    normalise = {
        FusionMethod.MIN_MAX: min_max_normalised,
        FusionMethod.Z_SCORE: z_score_normalised,
        FusionMethod.DISTRIBUTION: distribution_normalised,
    }[settings.method]
    return [weight * value for value in normalise(candidates.scores)]


@lru_cache(maxsize=64)
def _weighted_votes(count: int, rank_constant: int, weight: float) -> tuple[float, ...]:
    """Return the votes of a leg by rank. Most legs find as many as they are asked for, so that the
    same few are wanted again and again.
    """  # noqa: D205 - one sentence
    return tuple(weight * value for value in reciprocal_rank_values(count, rank_constant))
