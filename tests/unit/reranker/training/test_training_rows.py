import math

import pytest

from reranker.training import TrainingGroup
from reranker.training.training_rows import rows_for
from search_core.settings import TrainingLoss

GROUP = TrainingGroup(
    query="lamp", passages=("mug", "lamp", "shade"), targets=(0.0, 2.0, 1.5), family="lamp",
    source="kind",
)  # fmt: skip


@pytest.mark.parametrize("loss", [TrainingLoss.LISTWISE, TrainingLoss.PAIRWISE])
def test_lists_stay_whole(loss):
    assert rows_for(loss, [GROUP]) == {
        "query": ["lamp"],
        "docs": [["mug", "lamp", "shade"]],
        "labels": [[0.0, 2.0, 1.5]],
    }


def test_margins_are_between_the_best_and_each_other():
    rows = rows_for(TrainingLoss.MARGIN, [GROUP])
    assert rows["better"] == ["lamp", "lamp"]
    assert rows["worse"] == ["mug", "shade"]
    assert rows["label"] == [2.0, 0.5]


def test_points_are_probabilities_around_the_middle_of_the_group():
    rows = rows_for(TrainingLoss.POINTWISE, [GROUP])
    assert rows["label"] == pytest.approx(
        [1 / (1 + math.exp(1.0)), 1 / (1 + math.exp(-1.0)), 1 / (1 + math.exp(-0.5))]
    )
