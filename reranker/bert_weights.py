"""The weights of a BERT cross-encoder in int8, from PyTorch's names or from an exported file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reranker.onnx_weights import StoredMatrix, read_stored_weights

WORDS = "bert.embeddings.word_embeddings"
POSITIONS = "bert.embeddings.position_embeddings"
SEGMENTS = "bert.embeddings.token_type_embeddings"
POOLER = "bert.pooler.dense"
CLASSIFIER = "classifier"
PRODUCTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The matrices of a layer, where nearly all the time goes."""
_WEIGHT = ".weight"
_LARGEST = 127
_LEAST_SCALE = 1e-12
"""Of a column of zeros, which any scale stores."""


class NoPlainBertError(Exception):
    """The weights are not those of a BERT for sequence classification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantisedMatrix:
    """What activations are multiplied by: `values * scales`."""

    values: NDArray[np.int8]
    """`(inputs, outputs)`."""
    scales: NDArray[np.float32]
    """`(outputs,)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantisedTable:
    """What rows are looked up in: `(values - zero_point) * scales`."""

    values: NDArray[np.generic]
    """int8 or uint8, `(rows, width)`."""
    zero_point: float
    scales: NDArray[np.float32]
    """`(rows, 1)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BertWeights:
    """A BERT for sequence classification, by the names that PyTorch gives its layers."""

    plain: Mapping[str, NDArray[np.float32]]
    """Biases, norms, positions, pooler and classifier, which cost next to nothing in fp32."""
    matrices: Mapping[str, QuantisedMatrix]
    """`bert.encoder.layer.0.attention.self.query` → its matrix."""
    words: QuantisedTable
    heads: int
    epsilon: float
    """Of the layer norms."""
    reads_segments: bool
    """Whether it was trained to be told which tokens are the passage's."""

    @property
    def layers(self) -> int:
        """How many there are."""
        return len(self.matrices) // len(PRODUCTS)


def quantised_bert(
    weights: Mapping[str, NDArray[np.float32]],
    *,
    heads: int,
    epsilon: float,
    reads_segments: bool,
) -> BertWeights:
    """Round the weights of a trained BERT to int8: one scale an output, and one a word.

    Args:
        weights: PyTorch's `state_dict`; matrices are outputs by inputs.
        heads: of attention.
        epsilon: of the layer norms.
        reads_segments: see `BertWeights`.

    Raises:
        NoPlainBertError: a weight is missing.
    """
    matrices = {
        name.removesuffix(_WEIGHT): _quantised(values.T)
        for name, values in weights.items()
        if _is_product(name)
    }
    plain = {name: values for name, values in weights.items() if not _is_product(name)}
    words = plain.pop(f"{WORDS}{_WEIGHT}", None)
    if words is None:
        raise NoPlainBertError("there are no word embeddings")
    scales = _scales(np.abs(words).max(axis=1, keepdims=True))
    table = QuantisedTable(values=_rounded(words / scales), zero_point=0.0, scales=scales)
    return _complete(
        BertWeights(
            plain=plain,
            matrices=matrices,
            words=table,
            heads=heads,
            epsilon=epsilon,
            reads_segments=reads_segments,
        )
    )


def stored_bert(path: Path, *, heads: int, epsilon: float) -> BertWeights:
    """Read a dynamically quantised BERT, value for value.

    Args:
        path: of the ONNX file.
        heads: of attention, which the file does not say.
        epsilon: of the layer norms.

    Raises:
        NoPlainBertError: it is none, or its matrices are stored in another way.
    """
    stored = read_stored_weights(path)
    table = stored.tables.get(f"{WORDS}{_WEIGHT}")
    if table is None:
        raise NoPlainBertError(f"{path} has no quantised word embeddings")
    plain = dict(stored.plain)
    plain |= {
        name: table.dequantised() for name, table in stored.tables.items() if WORDS not in name
    }
    matrices = {}
    for name, matrix in stored.products.items():
        if _is_product(name) and isinstance(matrix, StoredMatrix):
            matrices[name.removesuffix(_WEIGHT)] = _as_stored(matrix, name)
        else:
            values = matrix.dequantised() if isinstance(matrix, StoredMatrix) else matrix
            plain[name] = values.T
    rows = len(table.values)
    return _complete(
        BertWeights(
            plain=plain,
            matrices=matrices,
            words=QuantisedTable(
                values=table.values,
                zero_point=float(table.zero_points),
                scales=np.broadcast_to(table.scales.reshape(-1, 1), (rows, 1)),
            ),
            heads=heads,
            epsilon=epsilon,
            reads_segments=True,
        )
    )


def _as_stored(matrix: StoredMatrix, name: str) -> QuantisedMatrix:
    if matrix.values.dtype != np.int8 or matrix.zero_points.any():
        raise NoPlainBertError(f"{name} is not stored as int8 around zero")
    outputs = matrix.values.shape[1]
    return QuantisedMatrix(
        values=matrix.values.astype(np.int8),
        scales=np.broadcast_to(matrix.scales.reshape(-1), (outputs,)),
    )


def _quantised(matrix: NDArray[np.float32]) -> QuantisedMatrix:
    scales = _scales(np.abs(matrix).max(axis=0))
    return QuantisedMatrix(values=_rounded(matrix / scales), scales=scales)


def _scales(largest: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.maximum(largest / _LARGEST, _LEAST_SCALE).astype(np.float32)


def _rounded(values: NDArray[np.float32]) -> NDArray[np.int8]:
    return np.clip(np.rint(values), -_LARGEST, _LARGEST).astype(np.int8)


def _is_product(name: str) -> bool:
    return name.startswith("bert.encoder.layer.") and name.endswith(
        tuple(f"{each}{_WEIGHT}" for each in PRODUCTS)
    )


def _complete(weights: BertWeights) -> BertWeights:
    """Return the weights, if the graph will find all that it needs.

    Raises:
        NoPlainBertError: something is missing.
    """
    layers = [f"bert.encoder.layer.{each}" for each in range(weights.layers)]
    products = [f"{layer}.{each}" for layer in layers for each in PRODUCTS]
    norms = [
        "bert.embeddings.LayerNorm",
        *(
            f"{layer}.{each}.LayerNorm"
            for layer in layers
            for each in ("attention.output", "output")
        ),
    ]
    heads = (POOLER, CLASSIFIER)
    needed = [
        *(f"{each}{_WEIGHT}" for each in (POSITIONS, SEGMENTS, *norms, *heads)),
        *(f"{each}.bias" for each in (*norms, *heads, *products)),
    ]
    missing = [each for each in needed if each not in weights.plain]
    missing += [each for each in products if each not in weights.matrices]
    if missing or not layers:
        raise NoPlainBertError(f"there is no {(missing or ['layer'])[0]}")
    if weights.words.values.shape[1] % weights.heads:
        raise NoPlainBertError(f"the width cannot be shared by {weights.heads} heads")
    return weights
