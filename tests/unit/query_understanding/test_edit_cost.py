import pytest

from query_understanding.spelling.edit_cost import edit_cost


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("lamp", "lamp", 0.0),
        ("lsmp", "lamp", 0.7),  # neighbouring keys
        ("lmap", "lamp", 0.7),  # swapped
        ("lammp", "lamp", 0.7),  # doubled
        ("lemp", "lamp", 0.7),  # a vowel for a vowel
        ("fone", "phone", 1.2),  # sounds alike (0.7), first letter differs (0.5)
        ("laetehr", "leather", 1.4),  # swapped twice (2 × 0.7)
        ("lakp", "lamp", 0.7),
        ("latp", "lamp", 1.0),
        ("xamp", "lamp", 1.5),  # any edit (1), first letter differs (0.5)
    ],
)
def test_slips_cost_less_than_other_edits(typed, meant, cost):
    assert edit_cost(typed, meant) == pytest.approx(cost)
