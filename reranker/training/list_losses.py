"""What is minimised, from the logits and targets of one list."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from search_core.setting_choices import TrainingLoss


def list_loss(loss: TrainingLoss, logits: Tensor, targets: Tensor) -> Tensor:
    """Return how wrong a list is, a scalar.

    Source: ListNet (Cao et al., 2007), RankNet (Burges et al., 2005), margin MSE (Hofstätter et
    al., 2020); binary cross-entropy for single products.

    Args:
        loss: which of them.
        logits: float, `(n_passages,)`.
        targets: float, `(n_passages,)`; only differences count, and some differ.
    """
    return _LOSSES[loss](logits, targets)


def _listwise(logits: Tensor, targets: Tensor) -> Tensor:
    return -(torch.softmax(targets, 0) * torch.log_softmax(logits, 0)).sum()


def _pairwise(logits: Tensor, targets: Tensor) -> Tensor:
    better, worse = torch.nonzero(targets[:, None] > targets[None, :], as_tuple=True)
    return functional.softplus(logits[worse] - logits[better]).mean()


def _margin(logits: Tensor, targets: Tensor) -> Tensor:
    best = int(targets.argmax())
    others = targets < targets[best]
    wanted = targets[best] - targets[others]
    return functional.mse_loss(logits[best] - logits[others], wanted)


def _pointwise(logits: Tensor, targets: Tensor) -> Tensor:
    middle = (targets.max() + targets.min()) / 2
    return functional.binary_cross_entropy_with_logits(logits, torch.sigmoid(targets - middle))


_LOSSES: dict[TrainingLoss, Callable[[Tensor, Tensor], Tensor]] = {
    TrainingLoss.LISTWISE: _listwise,
    TrainingLoss.PAIRWISE: _pairwise,
    TrainingLoss.MARGIN: _margin,
    TrainingLoss.POINTWISE: _pointwise,
}
