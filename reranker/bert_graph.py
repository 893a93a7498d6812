"""A BERT cross-encoder as the ONNX graph that a CPU computes fastest.

An exported graph says what is computed in small steps, of which ONNX Runtime finds some again and
joins them. This one is written in the joined steps: a layer is one attention, three products in
int8, and norms. Of the last layer only the first token is computed, since only that is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from reranker.bert_weights import (
    CLASSIFIER,
    POOLER,
    POSITIONS,
    SEGMENTS,
    BertWeights,
    QuantisedMatrix,
)

_JOINED = "com.microsoft"
"""ONNX Runtime's own operations; Source: its ContribOperators.md."""
_OPSET = 18
_IR_VERSION = 9
_IDS, _MASK, _SEGMENT_IDS = "input_ids", "attention_mask", "token_type_ids"
_OUTPUT = "logits"
_AXES = ("pairs", "tokens")
_SELF = ".attention.self"


_STEPS = 255
"""Of an activation in one byte."""
_LEAST_SCALE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRange:
    """Between which values an activation is told apart; what lies outside counts as the end."""

    lowest: float
    highest: float

    @property
    def scale(self) -> float:
        """What a step is worth."""
        return max((max(self.highest, 0.0) - min(self.lowest, 0.0)) / _STEPS, _LEAST_SCALE)

    @property
    def zero_point(self) -> int:
        """Which of the steps, 0 to 255, is zero, which is always one of them."""
        return round(-min(self.lowest, 0.0) / self.scale)


def write_bert_graph(
    weights: BertWeights,
    target: Path,
    *,
    ranges: Mapping[str, ActivationRange] | None = None,
) -> None:
    """Write the ONNX file: the usual inputs in, logits out.

    Scores differ from those of the exported graph in int8 only by where they are rounded. Layer
    norms are written apart from the sum before them: ONNX Runtime's joined operation
    (SkipLayerNormalization) is several times slower than the two.

    Args:
        weights: of the model.
        target: the file.
        ranges: of `measure_activation_ranges`: the scales of activations are fixed, so that a
            pair's score does not depend on the pairs beside it. `None`: they are measured as the
            model runs, which needs no pairs.
    """
    graph = _Graph(weights, ranges)
    graph.compute()
    _save(graph, weights, target)


def write_observed_graph(weights: BertWeights, target: Path) -> Mapping[str, str]:
    """Write the graph so that it also gives out every activation that is multiplied.

    Returns:
        What reads an activation, as `ActivationRange`s are named by → the name of the output.
    """
    graph = _Graph(weights, None)
    graph.compute()
    _save(graph, weights, target, observed=tuple(dict.fromkeys(graph.read.values())))
    return graph.read


def _save(
    graph: "_Graph", weights: BertWeights, target: Path, observed: Sequence[str] = ()
) -> None:
    inputs = (_IDS, _MASK, _SEGMENT_IDS) if weights.reads_segments else (_IDS, _MASK)
    labels = len(weights.plain[f"{CLASSIFIER}.bias"])
    onnx.save(
        helper.make_model(
            helper.make_graph(
                graph.nodes,
                "bert",
                [helper.make_tensor_value_info(name, TensorProto.INT64, _AXES) for name in inputs],
                [
                    helper.make_tensor_value_info(_OUTPUT, TensorProto.FLOAT, (_AXES[0], labels)),
                    *(
                        helper.make_tensor_value_info(each, TensorProto.FLOAT, None)
                        for each in observed
                    ),
                ],
                graph.constants,
            ),
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_JOINED, 1)],
            ir_version=_IR_VERSION,
        ),
        str(target),
    )


class _Graph:
    """Nodes and constants as they come; each method returns the name of what it computes."""

    def __init__(self, weights: BertWeights, ranges: Mapping[str, ActivationRange] | None) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.read: dict[str, str] = {}
        """What multiplies an activation → the activation, of all tokens where several do."""
        self._weights = weights
        self._ranges = ranges

    def compute(self) -> None:
        """Write the whole network."""
        mask = self._node("Cast", [_MASK], to=TensorProto.INT32)
        state = self._embedded()
        for layer in range(self._weights.layers):
            state = self._layer(f"bert.encoder.layer.{layer}", layer, state, mask)
        first = self._node("Squeeze", [state, self._constant(np.array([1]))])
        pooled = self._node("Tanh", [self._plain_product(first, POOLER)])
        self._plain_product(pooled, CLASSIFIER, output=_OUTPUT)

    def _embedded(self) -> str:
        table = self._weights.words
        rows = self._node("Gather", [self._constant(table.values), _IDS])
        rows = self._node("Cast", [rows], to=TensorProto.FLOAT)
        if table.zero_point:
            rows = self._node("Sub", [rows, self._constant(np.float32(table.zero_point))])
        scales = self._node("Gather", [self._constant(table.scales), _IDS])
        words = self._node("Mul", [rows, scales])
        plain = self._weights.plain[f"{SEGMENTS}.weight"]
        segments = (
            self._node("Gather", [self._constant(plain), _SEGMENT_IDS])
            if self._weights.reads_segments
            else self._constant(plain[0])
        )
        length = self._node("Shape", [_IDS], start=1, end=2)
        zero = self._constant(np.array([0]))
        places = self._constant(self._weights.plain[f"{POSITIONS}.weight"])
        positions = self._node("Slice", [places, zero, length, zero])
        summed = self._node("Add", [self._node("Add", [words, segments]), positions])
        return self._norm(summed, "bert.embeddings.LayerNorm")

    def _layer(self, name: str, layer: int, state: str, mask: str) -> str:
        if layer < self._weights.layers - 1:
            attended = self._attention(name, state, mask)
        else:
            attended, state = self._attention_of_first(name, state, mask)
        attended = self._product(attended, f"{name}.attention.output.dense")
        summed = self._node("Add", [attended, state])
        state = self._norm(summed, f"{name}.attention.output.LayerNorm")
        inner = self._node(
            "Gelu", [self._product(state, f"{name}.intermediate.dense")], domain=_JOINED
        )
        summed = self._node("Add", [self._product(inner, f"{name}.output.dense"), state])
        return self._norm(summed, f"{name}.output.LayerNorm")

    def _attention(self, name: str, state: str, mask: str) -> str:
        """All tokens: the three products and what follows in one operation."""
        joined, bias = self._joined(name, ("query", "key", "value"))
        values, scale, zero_point = self._in_bytes(state, f"{name}{_SELF}")
        matrix = [self._constant(each) for each in (joined.values, bias, joined.scales)]
        return self._node(
            "QAttention",
            [
                *(values, matrix[0], matrix[1], scale, matrix[2], mask, zero_point),
                self._constant(np.zeros(len(joined.scales), np.int8)),
            ],
            domain=_JOINED,
            num_heads=self._weights.heads,
        )

    def _attention_of_first(self, name: str, state: str, mask: str) -> tuple[str, str]:
        """The first token alone, which attends to all; with its state before."""
        zero, one = self._constant(np.array([0])), self._constant(np.array([1]))
        first = self._node("Slice", [state, zero, one, one])
        joined, bias = self._joined(name, ("key", "value"))
        both = self._multiplied(state, joined, bias, f"{name}{_SELF}")
        keys, values = self._nodes("Split", [both], 2, axis=2, num_outputs=2)
        query = self._product(first, f"{name}{_SELF}.query", reads=f"{name}{_SELF}")
        attended = self._node(
            "MultiHeadAttention",
            [query, keys, values, "", mask],
            domain=_JOINED,
            num_heads=self._weights.heads,
        )
        return attended, first

    def _joined(
        self, name: str, parts: Sequence[str]
    ) -> tuple[QuantisedMatrix, NDArray[np.float32]]:
        names = [f"{name}{_SELF}.{part}" for part in parts]
        matrices = [self._weights.matrices[each] for each in names]
        joined = QuantisedMatrix(
            values=np.concatenate([each.values for each in matrices], axis=1),
            scales=np.concatenate([each.scales for each in matrices]),
        )
        return joined, np.concatenate([self._weights.plain[f"{each}.bias"] for each in names])

    def _product(self, state: str, name: str, reads: str | None = None) -> str:
        bias = self._weights.plain[f"{name}.bias"]
        return self._multiplied(state, self._weights.matrices[name], bias, reads or name)

    def _multiplied(
        self, state: str, matrix: QuantisedMatrix, bias: NDArray[np.float32], reads: str
    ) -> str:
        values, scales, added = (
            self._constant(each) for each in (matrix.values, matrix.scales, bias)
        )
        if self._ranges is None:
            self.read.setdefault(reads, state)
            return self._node(
                "DynamicQuantizeMatMul", [state, values, scales, "", added], domain=_JOINED
            )
        given, scale, zero_point = self._in_bytes(state, reads)
        return self._node(
            "MatMulIntegerToFloat",
            [given, values, scale, scales, zero_point, "", added],
            domain=_JOINED,
        )

    def _in_bytes(self, state: str, reads: str) -> list[str]:
        """Return an activation as integers of one byte, with their scale and zero point."""
        self.read.setdefault(reads, state)
        if self._ranges is None:
            return self._nodes("DynamicQuantizeLinear", [state], 3)
        reach = self._ranges[reads]
        scale = self._constant(np.float32(reach.scale))
        zero_point = self._constant(np.uint8(reach.zero_point))
        return [self._node("QuantizeLinear", [state, scale, zero_point]), scale, zero_point]

    def _plain_product(self, state: str, name: str, output: str | None = None) -> str:
        constants = [
            self._constant(self._weights.plain[f"{name}.{part}"]) for part in ("weight", "bias")
        ]
        return self._nodes("Gemm", [state, *constants], 1, output=output, transB=1)[0]

    def _norm(self, state: str, name: str) -> str:
        constants = [
            self._constant(self._weights.plain[f"{name}.{part}"]) for part in ("weight", "bias")
        ]
        return self._node(
            "LayerNormalization", [state, *constants], axis=-1, epsilon=self._weights.epsilon
        )

    def _node(
        self,
        kind: str,
        inputs: Sequence[str],
        *,
        domain: str = "",
        **attributes: Any,  # noqa: ANN401 - of any type in ONNX
    ) -> str:
        return self._nodes(kind, inputs, 1, domain=domain, **attributes)[0]

    def _nodes(
        self,
        kind: str,
        inputs: Sequence[str],
        outputs: int,
        *,
        domain: str = "",
        output: str | None = None,
        **attributes: Any,  # noqa: ANN401 - as above
    ) -> list[str]:
        name = f"{kind}_{len(self.nodes)}"
        names = [output] if output else [f"{name}_{place}" for place in range(outputs)]
        self.nodes.append(
            helper.make_node(kind, inputs, names, name=name, domain=domain, **attributes)
        )
        return names

    def _constant(self, values: NDArray[np.generic] | np.generic) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name
