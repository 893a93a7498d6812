"""How well logits put held-out groups in order."""

import math
from collections.abc import Sequence

from reranker.training.training_group import TrainingGroup

_DEPTH = 10


def mean_ndcg(groups: Sequence[TrainingGroup], logits: Sequence[Sequence[float]]) -> float:
    """Return the mean nDCG@10 over groups, with each group's targets brought to 0..1 as gains.

    Source: Järvelin and Kekäläinen, 2002.

    Args:
        groups: informative ones.
        logits: for each group one a passage.
    """
    values = [_ndcg(group.targets, each) for group, each in zip(groups, logits, strict=True)]
    return sum(values) / len(values)


def _ndcg(targets: Sequence[float], logits: Sequence[float]) -> float:
    lowest, highest = min(targets), max(targets)
    gains = [(each - lowest) / (highest - lowest) for each in targets]
    order = sorted(range(len(logits)), key=lambda place: (-logits[place], place))
    return _discounted([gains[place] for place in order]) / _discounted(sorted(gains, reverse=True))


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:_DEPTH], start=1))
