from search_engine import Candidate, LegCandidates

RED = Candidate("red", 3.0, "dress")
CODED = Candidate("coded", 2.0, "coded", exact_code=True, boosts=(0, 2))
LAMP = Candidate("lamp", 1.0, "lamp", boosts=(1,))
COLUMNS = LegCandidates(
    ["red", "coded", "lamp"],
    [3.0, 2.0, 1.0],
    groups={"red": "dress"},
    exact_codes=frozenset({"coded"}),
    boosts={"coded": (0, 2), "lamp": (1,)},
)


def test_columns_read_as_the_candidates_that_they_stand_for():
    assert list(COLUMNS) == [RED, CODED, LAMP]
    assert COLUMNS == (RED, CODED, LAMP)
    assert (COLUMNS[0], COLUMNS[-1], COLUMNS[1:]) == (RED, LAMP, (CODED, LAMP))


def test_candidates_become_the_same_columns():
    made = LegCandidates.of((RED, CODED, LAMP))
    assert made == COLUMNS
    assert LegCandidates.of(made) is made


def test_what_is_cut_off_leaves_nothing_behind():
    first = COLUMNS.first(1)
    assert list(first) == [RED]
    assert (first.exact_codes, first.boosts) == (frozenset(), {})
