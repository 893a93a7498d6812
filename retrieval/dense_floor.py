"""Where the k-NN leg's candidates end.

A vector search has no end of its own: it always finds as many products as it is asked for. Without
a floor every result of a small shop would hold hundreds of products, and its facets would count
them.
"""

from dataclasses import replace

from search_engine import LegCandidates, LegResult


def above_floor(result: LegResult, floor: float) -> LegResult:
    """Return a dense leg's result without the candidates far below its best.

    Args:
        result: of the dense leg, best first; scores are cosines.
        floor: the least share of the best cosine that a candidate has to have.
    """
    candidates = LegCandidates.of(result.candidates)
    if not candidates:
        return result
    least = floor * candidates.scores[0]
    if candidates.scores[-1] >= least:
        return result
    kept = sum(score >= least for score in candidates.scores)
    return replace(result, candidates=candidates.first(kept))
