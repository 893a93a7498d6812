"""Serves the text encoder of this folder. Runs inside Triton's Python backend.

Beside it lie `model.onnx`, `tokenizer.json` and `model_card.json`, which are published there.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import triton_python_backend_utils as pb_utils
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

_GPU_PROVIDERS = ("TensorrtExecutionProvider", "CUDAExecutionProvider")
_CPU_PROVIDER = "CPUExecutionProvider"
_POOLED_OUTPUT = "sentence_embedding"
_LONG_TEXT = "a product with a long description " * 60


class TritonPythonModel:
    """One instance: the requests that Triton hands over together are computed together."""

    def initialize(self, args: dict[str, str]) -> None:
        """Load the model and encode once, at the longest length that there is."""
        config = json.loads(args["model_config"])
        self._values = {name: each["string_value"] for name, each in config["parameters"].items()}
        self._on_gpu = args["model_instance_kind"] == "GPU"
        folder = Path(args["model_repository"]) / args["model_version"]
        card = json.loads((folder / "model_card.json").read_text(encoding="utf-8"))
        self._model_id = card["model_id"].encode()
        self._by_first_token = card["pooling"] == "cls"
        self._pad_id = card["pad_token_id"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(card["max_tokens"])
        self._session = self._open_session(folder / "model.onnx")
        self._inputs = [each.name for each in self._session.get_inputs()]
        names = [each.name for each in self._session.get_outputs()]
        self._is_pooled = _POOLED_OUTPUT in names
        self._output = _POOLED_OUTPUT if self._is_pooled else names[0]
        self._encode([_LONG_TEXT, "warm up"])

    def execute(self, requests: list[Any]) -> list[Any]:
        """Answer each request with the vectors of its texts."""
        texts, ranges = [], []
        for request in requests:
            start = len(texts)
            if not request.is_cancelled():
                values = pb_utils.get_input_tensor_by_name(request, "TEXT").as_numpy()
                texts += [value.decode("utf-8", "replace") for value in values[:, 0]]
            ranges.append((start, len(texts)))
        vectors = self._encode(texts)
        return [
            self._response(request, vectors[start:end])
            for request, (start, end) in zip(requests, ranges, strict=True)
        ]

    def _response(self, request: Any, vectors: NDArray[np.float32]) -> Any:
        if request.is_cancelled():
            cancelled = pb_utils.TritonError("cancelled", pb_utils.TritonError.CANCELLED)
            return pb_utils.InferenceResponse(error=cancelled)
        values = {
            "VECTOR": vectors,
            "MODEL_ID": np.full((len(vectors), 1), self._model_id, np.object_),
        }
        wanted = request.requested_output_names()
        return pb_utils.InferenceResponse(
            output_tensors=[pb_utils.Tensor(name, values[name]) for name in wanted]
        )

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch(texts)
        order = sorted(range(len(texts)), key=lambda place: len(encodings[place].ids))
        size = int(self._values["gpu_micro_batch" if self._on_gpu else "cpu_micro_batch"])
        vectors: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(texts)
        for start in range(0, len(order), size):
            places = order[start : start + size]
            for place, row in zip(
                places, self._run([encodings[each] for each in places]), strict=True
            ):
                vectors[place] = row
        return np.stack(vectors) if vectors else np.empty((0, 0), np.float32)

    def _run(self, encodings: list[Encoding]) -> NDArray[np.float32]:
        multiple = int(self._values["gpu_pad_to_multiple"]) if self._on_gpu else 1
        width = -(-max(len(each.ids) for each in encodings) // multiple) * multiple
        shape = (len(encodings), width)
        feed = {
            "input_ids": np.full(shape, self._pad_id, np.int64),
            "attention_mask": np.zeros(shape, np.int64),
            "token_type_ids": np.zeros(shape, np.int64),
        }
        for row, encoding in enumerate(encodings):
            feed["input_ids"][row, : len(encoding.ids)] = encoding.ids
            feed["attention_mask"][row, : len(encoding.ids)] = 1
        given = {name: feed[name] for name in self._inputs}
        (output,) = self._session.run([self._output], given)
        if not self._is_pooled:
            output = output[:, 0] if self._by_first_token else _summed(output, feed)
        lengths = np.linalg.norm(output, axis=1, keepdims=True)
        return np.asarray(output / np.maximum(lengths, 1e-12), np.float32)

    def _open_session(self, weights: Path) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(self._values["threads"])
        # Threads that wait actively take a third of the speed from each other on shared cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        available = onnxruntime.get_available_providers()
        gpu = [each for each in _GPU_PROVIDERS if self._on_gpu and each in available]
        return onnxruntime.InferenceSession(
            weights, sess_options=options, providers=[*gpu, _CPU_PROVIDER]
        )


def _summed(output: NDArray[np.float32], feed: dict[str, NDArray[np.int64]]) -> Any:
    """Add up the vectors of a text's tokens: the sum's direction is the mean's."""
    mask = feed["attention_mask"][:, None, :].astype(np.float32)
    return np.matmul(mask, output)[:, 0]
