"""A quantised ONNX BERT turned back into weights that can be trained.

Quantising rounds each weight to one of 256 values; multiplied by their scale again they are close
enough to go on from: training moves them further than the rounding did.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from search_core import RerankerTrainingError

_QUANTISED = "_quantized"
_SCALE = "_scale"
_ZERO_POINT = "_zero_point"
_WEIGHT = ".weight"


def read_onnx_weights(path: Path) -> Mapping[str, NDArray[np.float32]]:
    """Return weights by the names that PyTorch gives them.

    A matrix that is multiplied from the right is stored the other way round by ONNX, and under a
    made-up name: it is turned back, and named by the layer whose product it gives.

    Args:
        path: of a model exported from PyTorch, dynamically quantised or not.

    Raises:
        RerankerTrainingError: the file has no named weights of a BERT.
    """
    graph = onnx.load(str(path)).graph
    stored = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    plain = {
        name: np.asarray(values, np.float32)
        for name, values in stored.items()
        if values.dtype in (np.float16, np.float32) and not name.endswith((_SCALE, _ZERO_POINT))
    }
    weights = {name: values for name, values in plain.items() if not name.startswith("onnx::")}
    for name in stored:
        if name.endswith(f"{_WEIGHT}{_QUANTISED}"):
            weights[name.removesuffix(_QUANTISED)] = _dequantised(stored, name)
    for node in graph.node:
        if node.op_type not in ("MatMul", "MatMulInteger") or node.input[1] not in stored:
            continue
        name = node.input[1]
        matrix = _dequantised(stored, name) if node.op_type == "MatMulInteger" else plain[name]
        weights[f"{_layer(node)}{_WEIGHT}"] = matrix.T.copy()
    if not any(name.endswith("word_embeddings.weight") for name in weights):
        raise RerankerTrainingError(
            f"{path} has no weights that can be trained: it was not exported from a BERT with the "
            "names of its layers",
            remedy="start from a Hugging Face folder (reranker.training.start)",
        )
    return weights


def _dequantised(stored: Mapping[str, NDArray[np.generic]], name: str) -> NDArray[np.float32]:
    stem = name.removesuffix(_QUANTISED)
    values = stored[name].astype(np.float32)
    zero_point = stored[f"{stem}{_ZERO_POINT}"].astype(np.float32)
    return (values - zero_point) * stored[f"{stem}{_SCALE}"].astype(np.float32)


def _layer(node: onnx.NodeProto) -> str:
    """Return the layer of a product by its path: `/bert/pooler/dense/Gemm_output_0_…`."""
    named = str(node.input[1]).removesuffix(_QUANTISED)
    if named.endswith(_WEIGHT):
        return named.removesuffix(_WEIGHT)
    return ".".join(str(node.output[0]).strip("/").split("/")[:-1])
