"""How unit vectors are stored, asked for, and what their scores mean.

Source: docs/adr/0032-vectors-of-one-byte-a-component.md.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from search_core.settings import SearchEngineSettings, VectorCompression, VectorEngine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_REACH = 5.0
"""Root mean squares of a component that a byte reaches to. The components of a unit vector of d
dimensions have a root mean square of 1/sqrt(d), so at 127 for 1 nearly all would be within 6 of 0.
What lies further out, about one in a million of a normal distribution, is cut."""


def stored_vectors(
    vectors: "NDArray[np.float32]", compression: VectorCompression
) -> "NDArray[np.float32] | NDArray[np.int8]":
    """Return vectors as the index keeps them; queries are asked in the same form.

    Args:
        vectors: float32, `(n, dimension)` or `(dimension,)`, each of length 1.
        compression: of the index.

    Returns:
        The same shape; int8 for `byte`, the vectors themselves otherwise: OpenSearch compresses
        those for `scalar` itself.
    """
    import numpy as np  # noqa: PLC0415 - commands that need no vectors start without it

    if compression is not VectorCompression.BYTE:
        # As JSON is written straight from their memory.
        return np.ascontiguousarray(vectors)
    scaled = np.rint(vectors * _byte_scale(vectors.shape[-1]))
    bytes_: NDArray[np.int8] = np.clip(scaled, -128, 127).astype(np.int8)
    return bytes_


def cosines_of_scores(
    scores: Sequence[float], compression: VectorCompression, dimension: int
) -> list[float]:
    """Undo the k-NN plugin's mapping of an inner product onto positive scores.

    Source: OpenSearch's documentation of the space type `innerproduct`: `ip + 1` from 0 on,
    `1 / (1 - ip)` below. Vectors have length 1, so the inner product is the cosine; that of bytes
    is so many times larger as both were spread.
    """
    products = [score - 1.0 if score >= 1.0 else 1.0 - 1.0 / score for score in scores]
    if compression is not VectorCompression.BYTE:
        return products
    spread = _byte_scale(dimension) ** 2
    return [product / spread for product in products]


def cosine_of_score(score: float, compression: VectorCompression, dimension: int) -> float:
    """Return one cosine: see `cosines_of_scores`."""
    return cosines_of_scores((score,), compression, dimension)[0]


def vector_mapping(dimension: int, settings: SearchEngineSettings) -> dict[str, Any]:
    """Return the mapping of the vector field."""
    parameters: dict[str, Any] = {
        "m": settings.hnsw_m,
        "ef_construction": settings.hnsw_ef_construction,
    }
    if settings.vector_compression is VectorCompression.SCALAR:
        parameters["encoder"] = (
            {"name": "sq", "parameters": {"type": "fp16"}}
            if settings.vector_engine is VectorEngine.FAISS
            else {"name": "sq"}
        )
    as_bytes = settings.vector_compression is VectorCompression.BYTE
    return {
        "type": "knn_vector",
        "dimension": dimension,
        **({"data_type": "byte"} if as_bytes else {}),
        "method": {
            "name": "hnsw",
            "engine": settings.vector_engine.value,
            # Vectors have length 1, so that inner product ranks as cosine does, and is cheaper.
            "space_type": "innerproduct",
            "parameters": parameters,
        },
    }


def _byte_scale(dimension: int) -> float:
    return 127 * math.sqrt(dimension) / _REACH
