"""Where the k-NN leg's candidates end.

A vector search has no end of its own: it always finds as many products as it is asked for. Without
a floor every result of a small shop would hold hundreds of products, and its facets would count
them.
"""

from dataclasses import replace

from search_engine import LegResult


def above_floor(result: LegResult, floor: float) -> LegResult:
    """Return a dense leg's result without the candidates far below its best.

    Args:
        result: of the dense leg, best first; scores are cosines.
        floor: the least share of the best cosine that a candidate has to have.
    """
    if not result.candidates:
        return result
    least = floor * result.candidates[0].score
    if result.candidates[-1].score >= least:
        return result
    kept = tuple(each for each in result.candidates if each.score >= least)
    return replace(result, candidates=kept)
