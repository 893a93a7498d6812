"""The weights of an exported ONNX file as they are stored, under the names that PyTorch gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

_QUANTISED = "_quantized"
_SCALE = "_scale"
_ZERO_POINT = "_zero_point"
_WEIGHT = ".weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMatrix:
    """Integers of one byte with their scales."""

    values: NDArray[np.generic]
    scales: NDArray[np.float32]
    """One, or one a column."""
    zero_points: NDArray[np.generic]
    """As many as scales."""

    def dequantised(self) -> NDArray[np.float32]:
        """Return what the integers stand for."""
        values = self.values.astype(np.float32) - self.zero_points.astype(np.float32)
        return np.asarray(values * self.scales, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWeights:
    """What a file holds."""

    plain: Mapping[str, NDArray[np.float32]]
    """What is stored as fp16 or fp32 under a name of its own."""
    tables: Mapping[str, StoredMatrix]
    """What is quantised under a name of its own, such as embeddings."""
    products: Mapping[str, StoredMatrix | NDArray[np.float32]]
    """What something is multiplied by from the right, inputs by outputs, named by its layer."""


def read_stored_weights(path: Path) -> StoredWeights:
    """Read a file that was exported from PyTorch, dynamically quantised or not.

    A matrix that is multiplied from the right is stored under a made-up name: it is named by the
    layer whose product it gives.
    """
    graph = onnx.load(str(path)).graph
    stored = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    plain = {
        name: np.asarray(values, np.float32)
        for name, values in stored.items()
        if values.dtype in (np.float16, np.float32) and not name.endswith((_SCALE, _ZERO_POINT))
    }
    products: dict[str, StoredMatrix | NDArray[np.float32]] = {}
    for node in graph.node:
        if node.op_type not in ("MatMul", "MatMulInteger") or node.input[1] not in stored:
            continue
        name = node.input[1]
        quantised = node.op_type == "MatMulInteger"
        products[f"{_layer(node)}{_WEIGHT}"] = _matrix(stored, name) if quantised else plain[name]
    tables = {
        name.removesuffix(_QUANTISED): _matrix(stored, name)
        for name in stored
        if name.endswith(f"{_WEIGHT}{_QUANTISED}")
    }
    return StoredWeights(
        plain={name: each for name, each in plain.items() if not name.startswith("onnx::")},
        tables={name: each for name, each in tables.items() if name not in products},
        products=products,
    )


def _matrix(stored: Mapping[str, NDArray[np.generic]], name: str) -> StoredMatrix:
    stem = name.removesuffix(_QUANTISED)
    return StoredMatrix(
        values=stored[name],
        scales=np.asarray(stored[f"{stem}{_SCALE}"], np.float32),
        zero_points=stored[f"{stem}{_ZERO_POINT}"],
    )


def _layer(node: onnx.NodeProto) -> str:
    """Return the layer of a product by its path: `/bert/pooler/dense/Gemm_output_0_…`."""
    named = str(node.input[1]).removesuffix(_QUANTISED)
    if named.endswith(_WEIGHT):
        return named.removesuffix(_WEIGHT)
    return ".".join(str(node.output[0]).strip("/").split("/")[:-1])
