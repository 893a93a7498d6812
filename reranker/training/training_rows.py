"""Groups as the columns that each loss reads."""

import math
from collections.abc import Sequence
from typing import Any

from reranker.training.training_group import TrainingGroup
from search_core.setting_choices import TrainingLoss


def rows_for(loss: TrainingLoss, groups: Sequence[TrainingGroup]) -> dict[str, list[Any]]:
    """Return columns: whole lists, pairs with their distance, or single products.

    Args:
        loss: what is minimised.
        groups: to learn from.
    """
    if loss is TrainingLoss.MARGIN:
        return _margins(groups)
    if loss is TrainingLoss.POINTWISE:
        return _points(groups)
    return {
        "query": [each.query for each in groups],
        "docs": [list(each.passages) for each in groups],
        "labels": [list(each.targets) for each in groups],
    }


def _margins(groups: Sequence[TrainingGroup]) -> dict[str, list[Any]]:
    """Return the best passage of each group with each of the others, and how much better it is."""
    columns: dict[str, list[Any]] = {"query": [], "better": [], "worse": [], "label": []}
    for group in groups:
        best = max(range(len(group.targets)), key=lambda place: group.targets[place])
        for place, target in enumerate(group.targets):
            if target < group.targets[best]:
                columns["query"].append(group.query)
                columns["better"].append(group.passages[best])
                columns["worse"].append(group.passages[place])
                columns["label"].append(group.targets[best] - target)
    return columns


def _points(groups: Sequence[TrainingGroup]) -> dict[str, list[Any]]:
    """Return each passage with its target as a probability: 0.5 for the middle of its group."""
    columns: dict[str, list[Any]] = {"query": [], "passage": [], "label": []}
    for group in groups:
        middle = (max(group.targets) + min(group.targets)) / 2
        for passage, target in zip(group.passages, group.targets, strict=True):
            columns["query"].append(group.query)
            columns["passage"].append(passage)
            columns["label"].append(1 / (1 + math.exp(middle - target)))
    return columns
