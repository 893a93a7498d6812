import pytest

from reranker.training import TrainingGroup, held_out_logits
from reranker.training.judged_folds import _folds
from search_core import RerankerTrainingError, SilentProgress
from search_core.settings import RerankerTrainingSettings

KINDS = (
    *("desk", "chair", "lamp", "mouse", "toner", "cable"),
    *("dress", "shirt", "shoe", "kettle", "pan", "knife"),
)


QUERIES = (*KINDS, *(f"red {kind}" for kind in KINDS))


def group(query):
    return TrainingGroup(
        query=query,
        passages=("good", "bad"),
        targets=(1.0, 0.0),
        family=query.split()[-1],
        source="judgments",
    )


def groups(queries=QUERIES):
    return [group(query) for query in queries]


def windows(queries=QUERIES):
    return {query: [(query, "good")] for query in queries}


def folds(number, **changes):
    return _folds(groups(), windows(), number, RerankerTrainingSettings(**changes))


def learned(fold):
    return {each.query for each in (*fold.split.train, *fold.split.held_out)}


def test_every_pair_is_held_out_once():
    held_out = [pair for fold in folds(3) for pair in fold.held_out]
    assert sorted(held_out) == sorted(pair for each in windows().values() for pair in each)


def test_no_family_is_learned_from_where_it_is_held_out():
    for fold in folds(4):
        asked = {query for query, _ in fold.held_out}
        seen = learned(fold)
        assert len(asked) == len(KINDS) // 4 * 2
        assert not asked & seen
        assert asked | seen == {each.query for each in groups()}


def test_the_best_checkpoint_is_chosen_by_queries_of_the_training_part():
    for fold in folds(3, held_out_share=0.25):
        assert len({each.family for each in fold.split.held_out}) == 2
        assert not set(fold.split.held_out) & set(fold.split.train)


def test_another_seed_deals_out_otherwise():
    assert folds(3, seed=1) == folds(3, seed=1)
    assert folds(3, seed=1) != folds(3, seed=2)


def test_a_query_that_is_not_learned_from_holds_families_together():
    more = windows((*QUERIES, "toner for a mouse"))
    for seed in range(9):
        for fold in _folds(groups(), more, 3, RerankerTrainingSettings(seed=seed)):
            seen = learned(fold)
            for query, _ in fold.held_out:
                assert query not in seen
            assert ("toner" in seen) == ("mouse" in seen)


def test_a_query_without_a_window_holds_families_together():
    more = [*groups(), group("toner for a mouse")]
    for seed in range(9):
        for fold in _folds(more, windows(), 3, RerankerTrainingSettings(seed=seed)):
            assert ("toner" in learned(fold)) == ("mouse" in learned(fold))


def test_a_query_that_teaches_nothing_is_held_out_all_the_same():
    more = {**windows(), "alone": [("alone", "good")]}
    dealt_out = _folds(groups(), more, 3, RerankerTrainingSettings())
    assert sum(("alone", "good") in fold.held_out for fold in dealt_out) == 1


def test_too_few_families_are_refused():
    with pytest.raises(RerankerTrainingError, match="12 kinds are too few for 7 folds") as raised:
        folds(7)
    assert "lower --folds" in raised.value.remedy


def test_all_layers_are_not_trained_once_a_fold(tmp_path):
    settings = RerankerTrainingSettings(frozen_layers=0)
    with pytest.raises(RerankerTrainingError, match="would take too long"):
        held_out_logits(groups(), windows(), tmp_path, settings, 3, SilentProgress())
