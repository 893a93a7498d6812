"""Vectors of length 1."""

import numpy as np
from numpy.typing import NDArray

from search_core import EncoderError


def unit_vectors(vectors: NDArray[np.floating], model_id: str) -> NDArray[np.float32]:
    """Scale rows to length 1.

    Args:
        vectors: `(n, dimension)`.
        model_id: named in the error.

    Returns:
        float32, of the same shape.

    Raises:
        EncoderError: a row is zero, infinite or not a number.
    """
    rows = vectors.astype(np.float32, copy=False)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    if not np.all((lengths > 0) & np.isfinite(lengths)):
        bad = int(np.argmin((lengths > 0) & np.isfinite(lengths)))
        raise EncoderError(
            f"The model {model_id} gave a vector of length {lengths[bad]} for text {bad} of a "
            "batch.",
            remedy="The model's files are damaged or not an encoder's: name another model in "
            "encoders.model.",
        )
    scaled: NDArray[np.float32] = rows / lengths[:, None]
    return scaled
