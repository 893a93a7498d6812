import pytest

from search_core import FacetValue
from search_engine.value_writings import one_of_each


def shown(counts: dict[str, int]) -> dict[str, int]:
    values = [FacetValue(value=value, count=count) for value, count in counts.items()]
    return {each.value: each.count for each in one_of_each(values)}


def test_the_catalogues_writing_stays_where_all_products_have_it():
    assert shown({"6,3 kg": 3, "6.3 kg": 3, "2,8 kg": 2, "2.8 kg": 2}) == {"6,3 kg": 3, "2,8 kg": 2}


def test_several_writings_become_the_one_that_all_products_have():
    assert shown({"15.6 inch": 5, "15.60 inch": 2, "15,6 inch": 1}) == {"15.6 inch": 5}


@pytest.mark.parametrize(
    "counts",
    [
        {"6,3 kg": 3, "6.3 g": 3},
        {"red": 2, "blue": 2},
        {"1.299,00 €": 1, "1299 €": 1},
        {"1,2,3": 4, "1.2": 4},
        {"M": 1, "6,3 kg": 3},
        {"6,3 kg": 3, "6.3 kg": 1},
    ],
)
def test_whatever_else_there_is_stays(counts):
    assert shown(counts) == counts
