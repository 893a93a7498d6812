"""One ONNX model in memory: token ids in, one vector a text out."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from encoders.model_files import OnnxModelFiles, Pooling
from encoders.token_batches import IntArray
from search_core import EncoderError, EncoderUnavailableError

# ONNX Runtime's exceptions have no parent of their own.
ONNX_RUNTIME_ERRORS = (
    ort_errors.EPFail,
    ort_errors.EngineError,
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.ModelLoaded,
    ort_errors.NoModel,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)
_KNOWN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_POOLED_OUTPUT = "sentence_embedding"
_ERRORS_ONLY = 3


class OnnxModel:
    """An ONNX Runtime session. Safe to run from several threads at once.

    Each run stays on the thread that asked for it, so that callers decide how many cores work.
    """

    def __init__(self, files: OnnxModelFiles) -> None:
        """Load the weights.

        Raises:
            EncoderUnavailableError: they do not load, or are not a text encoder's.
        """
        self._files = files
        self._session = _open_session(files.weights)
        self._inputs = tuple(each.name for each in self._session.get_inputs())
        self._output, self._is_pooled = self._choose_output()
        unknown = [each for each in self._inputs if each not in _KNOWN_INPUTS]
        if unknown:
            raise EncoderUnavailableError(
                f"The model {files.weights} wants the input {unknown[0]}, which a text encoder "
                f"does not have; known are {', '.join(_KNOWN_INPUTS)}.",
                remedy="Export it for the task feature-extraction.",
            )

    def run(self, token_ids: IntArray, mask: IntArray) -> NDArray[np.float32]:
        """Return one vector a row, not yet of unit length.

        Args:
            token_ids: `(n, longest)`, padded.
            mask: 1 where a token is.

        Raises:
            EncoderError: ONNX Runtime refuses the input or fails.
        """
        feed = {"input_ids": token_ids, "attention_mask": mask}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.zeros_like(token_ids)
        try:
            (output,) = self._session.run(
                [self._output], {name: feed[name] for name in self._inputs}
            )
        except ONNX_RUNTIME_ERRORS as error:
            raise EncoderError(
                f"The model {self._files.name} failed on {len(token_ids)} texts of "
                f"{token_ids.shape[1]} tokens: {error}",
                remedy="Lower encoders.max_tokens or encoders.batch_tokens, or name another model.",
            ) from error
        return self._pool(output, mask)

    def _pool(self, output: NDArray[np.float32], mask: IntArray) -> NDArray[np.float32]:
        if self._is_pooled:
            return output
        if self._files.pooling is Pooling.CLS:
            return output[:, 0]
        # The sum's direction is the mean's; a matrix product leaves the padding out fastest.
        summed: NDArray[np.float32] = np.matmul(mask[:, None, :].astype(np.float32), output)
        return summed[:, 0]

    def _choose_output(self) -> tuple[str, bool]:
        outputs = self._session.get_outputs()
        if any(each.name == _POOLED_OUTPUT for each in outputs):
            return _POOLED_OUTPUT, True
        for each in outputs:
            if len(each.shape) == 3:
                return each.name, False
        raise EncoderUnavailableError(
            f"The model {self._files.weights} has no output with a vector for each token; it has "
            f"{', '.join(each.name for each in outputs)}.",
            remedy="Export it for the task feature-extraction.",
        )


def _open_session(weights: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Threads that wait actively take their core from OpenSearch and from the other workers.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = _ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(
            weights, sess_options=options, providers=["CPUExecutionProvider"]
        )
    except ONNX_RUNTIME_ERRORS as error:
        raise EncoderUnavailableError(
            f"The model {weights} does not load: {error}",
            remedy="Check that the file is whole and an ONNX model of a version that the installed "
            "onnxruntime reads.",
        ) from error
