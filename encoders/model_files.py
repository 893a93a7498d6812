"""The files and facts that make one ONNX model an encoder, and the fingerprint of them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_READ_BYTES = 1 << 20


class Pooling(StrEnum):
    """How the vectors of a text's tokens become one."""

    MEAN = "mean"
    CLS = "cls"
    """The vector of the first token, for models that were trained so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxModelFiles:
    """An ONNX model on disk and how it wants to be used."""

    name: str
    weights: Path
    tokenizer: Path
    """A `tokenizer.json` of the `tokenizers` library."""
    pooling: Pooling
    query_prefix: str = ""
    passage_prefix: str = ""
    max_tokens: int | None = None
    """Longest input of the model, special tokens included; `None`: not stated."""
    pad_token_id: int | None = None
    """`None`: what the tokenizer says."""


def fingerprint(paths: Iterable[Path], facts: dict[str, object]) -> str:
    """Return 12 hexadecimal digits that change with the content of any file and with any fact.

    Args:
        paths: files, in an order that does not vary.
        facts: whatever else changes vectors; JSON values.
    """
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_READ_BYTES):
                digest.update(block)
    digest.update(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()[:12]


def model_id(files: OnnxModelFiles, max_tokens: int) -> str:
    """Return `<name>@<fingerprint>`: equal exactly when vectors are comparable.

    Args:
        files: the model.
        max_tokens: where texts are cut.
    """
    # Weights over 2 GB, and exports that ask for it, lie in files beside the model's own.
    beside = sorted(files.weights.parent.glob(f"{files.weights.name}?*"))
    facts: dict[str, object] = {
        "pooling": files.pooling,
        "query_prefix": files.query_prefix,
        "passage_prefix": files.passage_prefix,
        "max_tokens": max_tokens,
    }
    return f"{files.name}@{fingerprint([files.weights, *beside, files.tokenizer], facts)}"
