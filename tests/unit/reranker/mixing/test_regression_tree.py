import numpy as np
import pytest

from reranker.mixing import RegressionTree

TREE = RegressionTree(
    # Node 0 asks for column 1; its left child is a leaf, its right child asks for column 0.
    features=(1, -1, 0, -1, -1),
    thresholds=(0.5, 0.0, 0.2, 0.0, 0.0),
    left=(1, -1, 3, -1, -1),
    right=(2, -1, 4, -1, -1),
    values=(0.1, -0.4, 0.6, 0.2, 0.9),
)


def contributions(*rows):
    matrix = np.array(rows)
    added = np.zeros_like(matrix)
    TREE.add_contributions(matrix, added)
    return added


def test_each_step_down_is_the_doing_of_the_feature_that_was_asked():
    (left, right) = contributions([0.9, 0.5], [0.9, 0.6])
    assert left == pytest.approx([0.0, -0.4 - 0.1])
    assert right == pytest.approx([0.9 - 0.6, 0.6 - 0.1])


def test_the_steps_add_up_to_the_answer_less_the_roots_mean():
    answers = [-0.4, 0.2, 0.9]
    rows = contributions([0.0, 0.0], [0.1, 1.0], [0.3, 1.0])
    assert rows.sum(axis=1) == pytest.approx([answer - 0.1 for answer in answers])


def test_what_is_there_already_is_added_to():
    added = np.ones((1, 2))
    TREE.add_contributions(np.array([[0.9, 0.5]]), added)
    assert added[0] == pytest.approx([1.0, 0.5])


@pytest.mark.parametrize(
    "columns",
    [
        {"left": (0, -1, 3, -1, -1)},  # back to itself: it would never end
        {"right": (9, -1, 4, -1, -1)},
        {"features": (-2, -1, 0, -1, -1)},
        {"values": (0.1,)},
    ],
)
def test_columns_that_are_no_tree_are_refused(columns):
    known = {name: getattr(TREE, name) for name in TREE.__slots__}
    with pytest.raises(ValueError, match="tree"):
        RegressionTree(**{**known, **columns})
