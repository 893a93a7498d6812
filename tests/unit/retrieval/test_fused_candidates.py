from retrieval.fused_candidates import FusedCandidate, FusedCandidates, ids_of, scores_of

RED = FusedCandidate("red", "dress", 0.5, exact_code=True)
BLUE = FusedCandidate("blue", "dress", 0.4, exact_code=False)
LAMP = FusedCandidate("lamp", "lamp", 0.3, exact_code=False)
COLUMNS = FusedCandidates(
    ["red", "blue", "lamp"],
    [0.5, 0.4, 0.3],
    {"red": "dress", "blue": "dress"},
    frozenset({"red"}),
)


def test_columns_read_as_the_candidates_that_they_stand_for():
    assert list(COLUMNS) == [RED, BLUE, LAMP]
    assert (COLUMNS[1], COLUMNS[1:], len(COLUMNS)) == (BLUE, (BLUE, LAMP), 3)


def test_the_best_of_each_group_is_kept_in_order():
    assert list(COLUMNS.collapsed()) == [RED, LAMP]


def test_ids_and_scores_are_read_from_columns_and_from_candidates_alike():
    assert list(ids_of(COLUMNS)) == list(ids_of((RED, BLUE, LAMP))) == ["red", "blue", "lamp"]
    assert list(scores_of(COLUMNS)) == list(scores_of((RED, BLUE, LAMP))) == [0.5, 0.4, 0.3]
