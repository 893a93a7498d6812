import json

import pytest

from reranker.training import (
    TrainingGroup,
    held_out_pairs,
    split_groups,
    trained_queries,
    write_groups,
)
from search_core import RerankerTrainingError
from search_core.settings import RerankerTrainingSettings

GROUPS = [
    TrainingGroup(
        query=f"kind {number}", passages=("a", "b"), targets=(1.0, 0.0), family=str(number),
        source="kind",
    )
    for number in range(20)
]  # fmt: skip


def test_the_card_says_which_queries_were_held_out(tmp_path):
    write_groups(GROUPS, tmp_path / "groups.jsonl")
    told = {"training": {"settings": {"held_out_share": 0.25, "seed": 7}}}
    (tmp_path / "model_card.json").write_text(json.dumps(told))
    expected = {each.query for each in split_groups(GROUPS, 0.25, 7).held_out}
    pairs = held_out_pairs(tmp_path, RerankerTrainingSettings())
    assert {query for query, _ in pairs} == expected
    assert len(pairs) == 2 * len(expected)


def test_a_folder_that_was_not_trained_here_is_refused(tmp_path):
    with pytest.raises(RerankerTrainingError, match="was not trained here"):
        held_out_pairs(tmp_path, RerankerTrainingSettings())


def test_judged_queries_that_were_learned_from_are_known_again(make_model):
    folder = make_model()
    assert trained_queries(folder) == frozenset()
    told = {"training": {"judged_queries": ["Red Dress"]}}
    (folder / "model_card.json").write_text(json.dumps(told))
    assert trained_queries(folder) == {"red dress"}
