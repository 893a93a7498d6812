"""The order of every ranking: score descending, then product id ascending."""

from collections.abc import MutableSequence, Sequence
from itertools import islice
from operator import gt


def order_by_score_then_id(ids: MutableSequence[str], scores: MutableSequence[float]) -> None:
    """Put ids and their scores in order, in place.

    Both are usually in the order of the scores already, with ties in any order. So ties are looked
    for and sorted, which takes a tenth of sorting all by both.

    Args:
        ids: each once.
        scores: of each, in the same order.
    """
    if all(map(gt, scores, islice(scores, 1, None))):
        return
    ties: list[int] = []
    before = float("inf")
    for place, score in enumerate(scores):
        if score >= before:
            if score > before:
                _sort_all(ids, scores)
                return
            ties.append(place)
        before = score
    for first, end in _runs(ties):
        ids[first:end] = sorted(ids[first:end])


def _sort_all(ids: MutableSequence[str], scores: MutableSequence[float]) -> None:
    rows = sorted(zip(ids, scores, strict=True), key=lambda row: (-row[1], row[0]))
    ids[:] = [product_id for product_id, _ in rows]
    scores[:] = [score for _, score in rows]


def _runs(ties: Sequence[int]) -> list[tuple[int, int]]:
    """Return first place and end of each run of equal scores.

    Args:
        ties: ascending, the places whose score is that of the place before.
    """
    runs: list[tuple[int, int]] = []
    for place in ties:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place - 1, place + 1))
    return runs
