"""Tells categories by a small transformer that was trained on the shop's own titles."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from query_understanding.categories.category_shares import word_coverage
from query_understanding.lexicon.lexicon import Lexicon
from search_core import ConfigurationError

WEIGHTS_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
DESCRIPTION_FILE = "categories.json"
FORMAT = 1
"""Raised whenever an older folder could not be read as a newer one is."""
_ERRORS_ONLY = 3

Kind = tuple[str, str]
"""Field (`product_type` or `category`) and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDescription:
    """What a folder's model tells apart, and how sure it may be."""

    kinds: tuple[Kind | None, ...]
    """Of each logit; `None`: products of which the catalogue does not say what they are."""
    temperature: float
    """Logits are divided by it."""
    max_tokens: int
    """Longer queries are cut."""
    words: tuple[str, ...] = ()
    """Of the graded queries that it learned from, folded, plurals undone: it may know them though
    no title has them."""

    def write(self, folder: Path) -> None:
        """Write it beside the weights."""
        tree = {
            "format": FORMAT,
            "kinds": self.kinds,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "words": self.words,
        }
        text = json.dumps(tree, ensure_ascii=False)
        (folder / DESCRIPTION_FILE).write_text(text, encoding="utf-8")


class TransformerCategories:
    """An ONNX Runtime session with its tokenizer. Safe to ask from several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Load what `shopkeeper understand train` wrote.

        Raises:
            ConfigurationError: a file is missing, damaged, or of another version.
        """
        try:
            self._description = _read_description(folder / DESCRIPTION_FILE)
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session = _open_session(folder / WEIGHTS_FILE)
        # Both libraries raise exceptions of their own, without a parent.
        except Exception as error:
            raise ConfigurationError(
                f"the model of categories in {folder} does not load: {error}",
                remedy="train it anew (`shopkeeper understand train --what categories`), or delete "
                "the folder",
            ) from error
        self._tokenizer.enable_truncation(self._description.max_tokens)
        self._tokenizer.no_padding()
        self._words = frozenset(self._description.words)
        self._inputs = tuple(each.name for each in self._session.get_inputs())

    def covered_shares(self, text: str, lexicon: Lexicon) -> Mapping[Kind, float]:
        """Return `shares`, the less sure the more words neither titles nor training have.

        Empty where all are unknown: the network would take them for something all the same.
        """
        coverage = word_coverage(text, lexicon, self._words)
        if coverage == 0.0:
            return {}
        return {kind: share * coverage for kind, share in self.shares(text).items()}

    def shares(self, text: str) -> Mapping[Kind, float]:
        """Return the probability of each kind; what is left to 1 are products without one."""
        logits = self.logits(text).astype(np.float64) / self._description.temperature
        powers = np.exp(logits - logits.max())
        shares = powers / powers.sum()
        return {
            kind: float(share)
            for kind, share in zip(self._description.kinds, shares, strict=True)
            if kind is not None
        }

    def logits(self, text: str) -> NDArray[np.float32]:
        """Return one logit a kind, in the order of the description."""
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        known = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        (output,) = self._session.run(None, {name: known[name] for name in self._inputs})
        logits: NDArray[np.float32] = output[0]
        return logits


def _read_description(path: Path) -> CategoryDescription:
    tree = json.loads(path.read_text(encoding="utf-8"))
    if tree["format"] != FORMAT:
        raise ConfigurationError(f"{path.name} is of format {tree['format']}, not {FORMAT}")
    return CategoryDescription(
        kinds=tuple(None if each is None else (each[0], each[1]) for each in tree["kinds"]),
        temperature=float(tree["temperature"]),
        max_tokens=int(tree["max_tokens"]),
        words=tuple(tree["words"]),
    )


def _open_session(weights: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # A query has a handful of tokens: more threads would wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(
        weights, sess_options=options, providers=["CPUExecutionProvider"]
    )
