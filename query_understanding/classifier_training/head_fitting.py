"""Fits the head alone, before any layer moves (extra `train`).

A head that starts at random has the layers below unlearn what they know until it has learned
something. Source: Kumar et al. 2022, linear probing before fine-tuning.
"""

import copy

import torch
from torch import Tensor, nn

from query_understanding.classifier_training.pooled_classifier import PooledClassifier

_SCALE = 20.0
"""Of the cosine with a class's mean vector. Source: sentence-transformers, losses by cosine."""
_LEARNING_RATE = 0.02
_WEIGHT_DECAY = 0.01
_BATCH = 256
_MOST_EPOCHS = 60
_PATIENCE = 4


def fit_head(
    model: PooledClassifier,
    train: tuple[Tensor, Tensor],
    held_out: tuple[Tensor, Tensor],
    seed: int,
) -> float:
    """Put the head at the means of the classes, and fit it until the held-out loss is least.

    Args:
        model: its head is changed, and nothing else.
        train: what the head reads, shape (n, width + features), and labels, shape (n,).
        held_out: the same of texts that decide when to stop.
        seed: of the order.

    Returns:
        The held-out loss in nats.
    """
    read, labels = train
    _start_at_means(model, read, labels)
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(
        model.head.parameters(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY
    )
    best = (_loss(model.head, *held_out), 0, copy.deepcopy(model.head.state_dict()))
    for epoch in range(1, _MOST_EPOCHS + 1):
        for rows in torch.randperm(len(read), generator=generator).split(_BATCH):
            optimiser.zero_grad()
            nn.functional.cross_entropy(model.head(read[rows]), labels[rows]).backward()
            optimiser.step()
        loss = _loss(model.head, *held_out)
        if loss < best[0]:
            best = (loss, epoch, copy.deepcopy(model.head.state_dict()))
        elif epoch - best[1] >= _PATIENCE:
            break
    model.head.load_state_dict(best[2])
    return float(best[0])


def _start_at_means(model: PooledClassifier, read: Tensor, labels: Tensor) -> None:
    """Have each class start with the direction of its texts; further features start with none."""
    width = read.shape[1] - model.features
    sums = torch.zeros(model.head.out_features, width)
    sums.index_add_(0, labels, read[:, :width])
    with torch.no_grad():
        model.head.weight[:, :width] = _SCALE * nn.functional.normalize(sums, dim=-1)


def _loss(head: nn.Module, read: Tensor, labels: Tensor) -> float:
    with torch.no_grad():
        return float(nn.functional.cross_entropy(head(read), labels))
