import numpy as np
import pytest

from encoders.unit_vectors import unit_vectors
from search_core import EncoderError


def test_rows_are_scaled_to_length_1():
    scaled = unit_vectors(np.array([[3, 4], [0, 2]], np.float64), "tiny@1")
    assert scaled.dtype == np.float32
    assert scaled == pytest.approx(np.array([[0.6, 0.8], [0, 1]]))


@pytest.mark.parametrize("bad", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_a_vector_without_a_direction_is_refused_with_its_place(bad):
    with pytest.raises(EncoderError, match=r"tiny@1 gave a vector of length .* for text 1"):
        unit_vectors(np.array([[1.0, 0.0], bad], np.float32), "tiny@1")
