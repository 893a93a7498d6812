import pytest

from reranker.training.starting_model import kept_layers


@pytest.mark.parametrize(
    ("available", "wanted", "kept"),
    [
        (12, 4, (0, 4, 7, 11)),
        (12, 6, (0, 2, 4, 7, 9, 11)),
        (6, 6, (0, 1, 2, 3, 4, 5)),
        (12, 1, (11,)),
    ],
)
def test_layers_are_kept_evenly_from_the_first_to_the_last(available, wanted, kept):
    assert kept_layers(available, wanted) == kept
