"""A quantised ONNX BERT turned back into weights that can be trained.

Quantising rounds each weight to one of 256 values; multiplied by their scale again they are close
enough to go on from: training moves them further than the rounding did.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reranker.onnx_weights import StoredMatrix, read_stored_weights
from search_core import RerankerTrainingError


def read_onnx_weights(path: Path) -> Mapping[str, NDArray[np.float32]]:
    """Return weights by the names that PyTorch gives them.

    A matrix that is multiplied from the right is stored the other way round by ONNX: it is turned
    back.

    Args:
        path: of a model exported from PyTorch, dynamically quantised or not.

    Raises:
        RerankerTrainingError: the file has no named weights of a BERT.
    """
    stored = read_stored_weights(path)
    weights = dict(stored.plain)
    weights |= {name: table.dequantised() for name, table in stored.tables.items()}
    for name, matrix in stored.products.items():
        values = matrix.dequantised() if isinstance(matrix, StoredMatrix) else matrix
        weights[name] = values.T.copy()
    if not any(name.endswith("word_embeddings.weight") for name in weights):
        raise RerankerTrainingError(
            f"{path} has no weights that can be trained: it was not exported from a BERT with the "
            "names of its layers",
            remedy="start from a Hugging Face folder (reranker.training.start)",
        )
    return weights
