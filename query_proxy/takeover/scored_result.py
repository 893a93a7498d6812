"""A ranking with the scores that its hits are shown with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from operator import ge

from retrieval import RankedResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredResult:
    """A ranked result and a score for each candidate, which falls with the rank.

    Clients read `_score` as what the order is by. The order is by fused score, but for the rerank
    window and for products whose code is the query, which stand first whatever their score.
    """

    ranked: RankedResult
    scores: tuple[float, ...]
    """In the order of the candidates, descending."""

    @classmethod
    def of(cls, ranked: RankedResult) -> "ScoredResult":
        """Score a result by fusion and reranking."""
        return cls(ranked=ranked, scores=_falling(_scores(ranked)))

    def multiplied(self, values: Mapping[str, float]) -> "ScoredResult":
        """Return the result with its scores multiplied, and in the order of the products.

        Args:
            values: product id → factor; 1 where there is none.
        """
        scored = [
            (candidate, score * values.get(candidate.product_id, 1.0))
            for candidate, score in zip(self.ranked.candidates, self.scores, strict=True)
        ]
        scored.sort(key=lambda each: (not each[0].exact_code, -each[1], each[0].product_id))
        return ScoredResult(
            ranked=replace(self.ranked, candidates=tuple(each for each, _ in scored)),
            scores=_falling([score for _, score in scored]),
        )


def _scores(ranked: RankedResult) -> Sequence[float]:
    mixed = ranked.mixed
    if not mixed:
        return ranked.fused_scores()
    lowest = min((each.value for each in mixed.values()), default=0.0)
    below = [each.fused_score for each in ranked.candidates if each.product_id not in mixed]
    # The window stands above what was not reranked, whose scores are on another scale.
    floor = max(below, default=0.0) - lowest
    return [
        floor + mixed[each.product_id].value if each.product_id in mixed else each.fused_score
        for each in ranked.candidates
    ]


def _falling(scores: Sequence[float]) -> tuple[float, ...]:
    if all(map(ge, scores, islice(scores, 1, None))):
        return tuple(scores)
    return tuple(reversed(list(accumulate(reversed(scores), max))))
