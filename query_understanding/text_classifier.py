"""A small transformer, exported to ONNX, that gives a text one logit a class."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

WEIGHTS_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
_FEATURES = "features"
_ERRORS_ONLY = 3


class TextClassifier:
    """An ONNX Runtime session with its tokenizer. Safe to ask from several threads at once."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        """Load a folder; what the libraries raise of a damaged one is the caller's to translate.

        Args:
            folder: with `model.onnx` and `tokenizer.json`.
            max_tokens: longer texts are cut.
        """
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
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


def _open_session(weights: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # A query has a handful of tokens: more threads would wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(
        weights, sess_options=options, providers=["CPUExecutionProvider"]
    )
