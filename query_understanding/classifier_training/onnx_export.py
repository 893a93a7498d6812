"""A trained classifier as ONNX in int8 (extra `train`)."""

from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from query_understanding.classifier_training.pooled_classifier import PooledClassifier
from search_core import ConfigurationError

_OPSET = 18
_LARGEST_DIFFERENCE = 1e-3
"""Of logits, between PyTorch and ONNX Runtime in fp32: other kernels, the same numbers."""


def export_classifier(model: PooledClassifier, target: Path, max_tokens: int) -> None:
    """Write the network with logits as its only output.

    Args:
        model: for evaluation.
        target: the file.
        max_tokens: the longest query.

    Raises:
        ConfigurationError: ONNX Runtime gives other logits than PyTorch.
    """
    inputs = {
        "input_ids": torch.arange(16).reshape(2, 8),
        "attention_mask": torch.ones((2, 8), dtype=torch.long),
    }
    queries = torch.export.Dim("queries")
    axes = {0: queries, 1: torch.export.Dim("tokens", max=max_tokens)}
    shapes: dict[str, dict[int, object]] = dict.fromkeys(inputs, axes)
    if model.features:
        inputs["features"] = torch.zeros((2, model.features))
        shapes["features"] = {0: queries}
    plain = target.with_suffix(".fp32")
    prepared = target.with_suffix(".prepared")
    torch.onnx.export(
        _LogitsOnly(model).eval(),
        (),
        str(plain),
        kwargs=inputs,
        input_names=list(inputs),
        output_names=["logits"],
        dynamic_shapes=shapes,
        opset_version=_OPSET,
        external_data=False,
        dynamo=True,
        verbose=False,
    )
    _compare(model, plain, inputs)
    quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(target), weight_type=QuantType.QInt8, per_channel=True)
    prepared.unlink()
    plain.unlink()


class _LogitsOnly(nn.Module):  # type: ignore[misc] # the library has no types here
    """The network without the loss."""

    def __init__(self, model: PooledClassifier) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, features: Tensor | None = None
    ) -> Tensor:
        return self.model(input_ids, attention_mask, features)["logits"]


def _compare(model: PooledClassifier, weights: Path, example: dict[str, Tensor]) -> None:
    # Fewer queries and tokens than the export was shown: that both may differ is tried as well.
    inputs = {
        name: tensor[:1] if name == "features" else tensor[:1, :5]
        for name, tensor in example.items()
    }
    with torch.no_grad():
        expected = model(**inputs)["logits"].numpy()
    session = InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {name: tensor.numpy() for name, tensor in inputs.items()})
    difference = float(np.abs(found - expected).max())
    if difference > _LARGEST_DIFFERENCE:
        raise ConfigurationError(
            f"the export gives logits that differ by {difference:.4f} from PyTorch's "
            f"({_LARGEST_DIFFERENCE} is tolerated)",
            remedy="install the versions of requirements/, or start from another model",
        )
