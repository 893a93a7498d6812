"""A trained classifier as ONNX in int8 (extra `train`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from search_core import ConfigurationError

if TYPE_CHECKING:
    from torch.nn import Module

_OPSET = 18
_LARGEST_DIFFERENCE = 1e-3
"""Of logits, between PyTorch and ONNX Runtime in fp32: other kernels, the same numbers."""


def export_classifier(model: "Module", target: Path, max_tokens: int) -> None:
    """Write the network with logits as its only output.

    Args:
        model: a BERT-like classifier, for evaluation.
        target: the file.
        max_tokens: the longest query.

    Raises:
        ConfigurationError: ONNX Runtime gives other logits than PyTorch.
    """
    # Three tensors: one in three places would be taken for one input.
    example = {
        "input_ids": torch.arange(16).reshape(2, 8),
        "attention_mask": torch.ones((2, 8), dtype=torch.long),
        "token_type_ids": torch.zeros((2, 8), dtype=torch.long),
    }
    axes = {0: torch.export.Dim("queries"), 1: torch.export.Dim("tokens", max=max_tokens)}
    plain = target.with_suffix(".fp32")
    prepared = target.with_suffix(".prepared")
    torch.onnx.export(
        model,
        (),
        str(plain),
        kwargs=example,
        input_names=list(example),
        output_names=["logits"],
        dynamic_shapes=dict.fromkeys(example, axes),
        opset_version=_OPSET,
        external_data=False,
        dynamo=True,
        verbose=False,
    )
    _compare(model, plain, example)
    quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(target), weight_type=QuantType.QInt8, per_channel=True)
    prepared.unlink()
    plain.unlink()


def _compare(model: "Module", weights: Path, example: Mapping[str, torch.Tensor]) -> None:
    # Fewer queries and tokens than the export was shown: that both may differ is tried as well.
    inputs = {name: tensor[:1, :5] for name, tensor in example.items()}
    with torch.no_grad():
        expected = model(**inputs).logits.numpy()
    session = InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {name: tensor.numpy() for name, tensor in inputs.items()})
    difference = float(np.abs(found - expected).max())
    if difference > _LARGEST_DIFFERENCE:
        raise ConfigurationError(
            f"the export gives logits that differ by {difference:.4f} from PyTorch's "
            f"({_LARGEST_DIFFERENCE} is tolerated)",
            remedy="install the versions of requirements/, or start from another model",
        )
