"""A small transformer, exported to ONNX, that gives a text one logit a class."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from encoders import ONNX_RUNTIME_ERRORS
from search_core import ConfigurationError

WEIGHTS_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
_FEATURES = "features"
_ERRORS_ONLY = 3


class DamagedClassifierError(Exception):
    """A file of the model is missing, or cannot be read."""


UNREADABLE = (DamagedClassifierError, ConfigurationError, OSError, ValueError, KeyError, TypeError)
"""What reading a folder raises: the classifier's files, and the JSON files beside them."""


class TextClassifier:
    """An ONNX Runtime session with its tokenizer. Safe to ask from several threads at once."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        """Load a folder.

        Args:
            folder: with `model.onnx` and `tokenizer.json`.
            max_tokens: longer texts are cut.

        Raises:
            DamagedClassifierError: one of them is missing, or cannot be read.
        """
        self._tokenizer = _open_tokenizer(folder / TOKENIZER_FILE)
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.no_padding()
        self._session = _open_session(folder / WEIGHTS_FILE)
        self._inputs = tuple(each.name for each in self._session.get_inputs())

    def logits(self, text: str, features: Sequence[float] = ()) -> NDArray[np.float32]:
        """Return one logit a class.

        Args:
            text: any text.
            features: as many as the model was trained with.
        """
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        known = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
            _FEATURES: np.array([features], dtype=np.float32),
        }
        (output,) = self._session.run(None, {name: known[name] for name in self._inputs})
        logits: NDArray[np.float32] = output[0]
        return logits


def softmax(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Return the probability of each class.

    Args:
        logits: shape (n_classes,).
        temperature: they are divided by it.
    """
    warmed = logits.astype(np.float64) / temperature
    powers = np.exp(warmed - warmed.max())
    shares: NDArray[np.float64] = powers / powers.sum()
    return shares


def _open_tokenizer(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # `tokenizers` raises nothing narrower
        raise DamagedClassifierError(f"{path.name}: {error}") from error


def _open_session(weights: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # A query has a handful of tokens: more threads would wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(
            weights, sess_options=options, providers=["CPUExecutionProvider"]
        )
    except ONNX_RUNTIME_ERRORS as error:
        raise DamagedClassifierError(f"{weights.name}: {error}") from error
