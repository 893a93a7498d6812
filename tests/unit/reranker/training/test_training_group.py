import pytest

from reranker.training import TrainingGroup, read_groups, split_groups, write_groups
from search_core import RerankerTrainingError


def group(query="printer", family="printer", targets=(2.0, 0.0)):
    passages = tuple(f"product {place}" for place in range(len(targets)))
    return TrainingGroup(
        query=query, passages=passages, targets=targets, family=family, source="kind"
    )


def test_a_family_is_never_on_both_sides():
    groups = [
        group(query=f"{prefix}{kind}", family=kind)
        for kind in ("printer", "mouse", "cable", "lamp", "desk")
        for prefix in ("", "hp ", "black ")
    ]
    split = split_groups(groups, 0.4, seed=3)
    assert {each.family for each in split.train}.isdisjoint(each.family for each in split.held_out)
    assert len(split.held_out) == 2 * 3
    assert len(split.train) == 3 * 3


def test_the_seed_decides_what_is_held_out():
    groups = [group(family=str(number)) for number in range(30)]
    first, again, other = (split_groups(groups, 0.2, seed) for seed in (1, 1, 2))
    assert first == again != other


def test_something_is_held_out_however_small_the_share():
    groups = [group(family=str(number)) for number in range(5)]
    assert len(split_groups(groups, 0.01, 1).held_out) == 1


def test_one_kind_of_query_cannot_be_held_out_from_itself():
    with pytest.raises(RerankerTrainingError, match="queries of 1 kinds"):
        split_groups([group(), group(query="hp printer")], 0.1, 1)


def test_groups_are_written_and_read_again(tmp_path):
    groups = (group(query="打印机"), group(targets=(1.5, -0.25, 0.0)))
    write_groups(groups, tmp_path / "groups.jsonl")
    assert read_groups(tmp_path / "groups.jsonl") == groups


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"query": "x"}', '{"query":"x","passages":["a"],"targets":[1,2]}']
)
def test_a_line_that_is_no_group_is_named(tmp_path, line):
    path = tmp_path / "groups.jsonl"
    write_groups([group()], path)
    path.write_text(f"{path.read_text()}{line}\n")
    with pytest.raises(RerankerTrainingError, match="line 2"):
        read_groups(path)


def test_equal_targets_teach_nothing():
    assert group(targets=(1.0, 0.0)).is_informative
    assert not group(targets=(1.0, 1.0)).is_informative
