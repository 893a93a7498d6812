import math

import pytest

from reranker.training import TrainingGroup
from reranker.training.ranking_quality import mean_ndcg


def group(*targets):
    passages = tuple(map(str, targets))
    return TrainingGroup(query="q", passages=passages, targets=targets, family="q", source="kind")


def test_the_order_of_the_targets_is_worth_one():
    assert mean_ndcg([group(4.0, 0.0, 2.0)], [[9.0, -1.0, 3.0]]) == pytest.approx(1.0)


def test_a_reversed_order_is_worth_what_is_left_of_it():
    reversed_order = 0.5 / math.log2(3) + 1 / math.log2(4)
    ideal = 1 + 0.5 / math.log2(3)
    found = mean_ndcg([group(4.0, 2.0, 0.0)], [[1.0, 2.0, 3.0]])
    assert found == pytest.approx(reversed_order / ideal)


def test_groups_count_alike():
    found = mean_ndcg([group(1.0, 0.0), group(1.0, 0.0)], [[1.0, 0.0], [0.0, 1.0]])
    assert found == pytest.approx((1 + 1 / math.log2(3)) / 2)
