"""A teacher that is asked only what it can read: an English one knows nothing of Chinese."""

import math
from collections.abc import Callable, Sequence

from reranker.cross_encoder import Pair
from reranker.language_guard import can_read
from reranker.training.build_groups import Teacher


def readable_teacher(
    languages: Sequence[str], score: Callable[[Sequence[Pair]], Sequence[float]]
) -> Teacher:
    """Return a teacher that gives NaN where the letters of the query are not its languages'.

    Args:
        languages: ISO 639-1 codes of the teacher; empty: it reads all.
        score: gives a logit a pair.
    """

    def teach(pairs: Sequence[Pair]) -> list[float]:
        known = {query: can_read(languages, query, None) for query, _ in pairs}
        logits = iter(score([pair for pair in pairs if known[pair[0]]]))
        return [next(logits) if known[query] else math.nan for query, _ in pairs]

    return teach
