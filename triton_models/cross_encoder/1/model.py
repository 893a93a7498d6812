"""Serves the cross-encoder of this folder. Runs inside Triton's Python backend.

Beside it lie `model.onnx`, `tokenizer.json`, `model_card.json` and `cross_encoder.py`, which
`shopkeeper reranker publish` puts there.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import triton_python_backend_utils as pb_utils
from cross_encoder import CrossEncoder, ScoringError, ScoringOptions
from numpy.typing import NDArray

_GPU_PROVIDERS = ("TensorrtExecutionProvider", "CUDAExecutionProvider")
_CPU_PROVIDER = "CPUExecutionProvider"
_ADDED_LATER = {"cpu_micro_batch_tokens": "160", "gpu_micro_batch_tokens": "32768"}
_LONG_TEXT = "a product with a long description " * 60


class TritonPythonModel:
    """One instance: the requests that Triton hands over together are computed together."""

    def initialize(self, args: dict[str, str]) -> None:
        """Load the model, and score long pairs once in every thread, so that memory is there."""
        config = json.loads(args["model_config"])
        folder = Path(args["model_repository"]) / args["model_version"]
        self._model = CrossEncoder(folder, _options(config, args["model_instance_kind"]))
        self._languages = ",".join(self._model.languages)
        self._model.score([("warm up", _LONG_TEXT)] * 17)

    def execute(self, requests: list[Any]) -> list[Any]:
        """Answer each request with the logits of its pairs."""
        pairs, ranges = [], []
        for request in requests:
            start = len(pairs)
            if not request.is_cancelled():
                pairs += zip(_texts(request, "QUERY"), _texts(request, "PASSAGE"), strict=True)
            ranges.append((start, len(pairs)))
        try:
            logits = self._model.score(pairs, _all_cancelled(requests))
        except ScoringError as error:
            failed = pb_utils.TritonError(str(error))
            return [pb_utils.InferenceResponse(error=failed) for _ in requests]
        return [
            self._response(request, logits[start:end])
            for request, (start, end) in zip(requests, ranges, strict=True)
        ]

    def _response(self, request: Any, logits: NDArray[np.float32]) -> Any:
        if request.is_cancelled():
            cancelled = pb_utils.TritonError("cancelled", pb_utils.TritonError.CANCELLED)
            return pb_utils.InferenceResponse(error=cancelled)
        column = logits.reshape(-1, 1)
        values = {
            "LOGIT": column,
            "MODEL_ID": np.full(column.shape, self._model.model_id.encode(), np.object_),
            "LANGUAGES": np.full(column.shape, self._languages.encode(), np.object_),
        }
        wanted = request.requested_output_names()
        return pb_utils.InferenceResponse(
            output_tensors=[pb_utils.Tensor(name, values[name]) for name in wanted]
        )


def _options(config: dict[str, Any], kind: str) -> ScoringOptions:
    # A configuration in the repository is kept, and may be older than this file.
    values = _ADDED_LATER | {
        name: each["string_value"] for name, each in config["parameters"].items()
    }
    if kind != "GPU":
        return ScoringOptions(
            max_tokens=int(values["max_tokens"]),
            micro_batch=int(values["cpu_micro_batch"]),
            micro_batch_tokens=int(values["cpu_micro_batch_tokens"]),
            threads=int(values["threads"]),
        )
    available = onnxruntime.get_available_providers()
    gpu = tuple(each for each in _GPU_PROVIDERS if each in available)
    return ScoringOptions(
        max_tokens=int(values["max_tokens"]),
        micro_batch=int(values["gpu_micro_batch"]),
        micro_batch_tokens=int(values["gpu_micro_batch_tokens"]),
        pad_to_multiple=int(values["gpu_pad_to_multiple"]),
        providers=(*gpu, _CPU_PROVIDER),
    )


def _all_cancelled(requests: list[Any]) -> Callable[[], bool]:
    return lambda: all(request.is_cancelled() for request in requests)


def _texts(request: Any, name: str) -> list[str]:
    values = pb_utils.get_input_tensor_by_name(request, name).as_numpy()
    return [value.decode("utf-8", "replace") for value in values[:, 0]]
