"""The start of a training from a sentence encoder, for whoever trains no cross-encoder."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from encoders import OnnxModelFiles, OnnxTextEncoder, Pooling
from reranker.cross_encoder import TOKENIZER_FILE
from search_core import RerankerTrainingError

if TYPE_CHECKING:
    from transformers import BertConfig, PreTrainedModel

_HEAD_WIDTHS = (64, 32)
"""BERT's and MiniLM's; an ONNX file does not say which, but its vectors do."""
_LEAST_COSINE = 0.9
"""Of vectors before and after; activations of one byte alone leave .98, wrong heads .6."""
_PROBE = ("wireless mouse", "a red summer dress", "laser printer with two trays", "蓝牙耳机")
_MAX_TOKENS = 64
_PREFIX = "bert."


def starting_encoder(files: OnnxModelFiles, target: Path) -> Path:
    """Write a BERT-like sentence encoder as a Hugging Face folder with its tokenizer.json.

    Weights of one byte become numbers that can be trained again.

    Args:
        files: exported from PyTorch, with the names of its layers.
        target: the folder; it is made.

    Returns:
        `target`.

    Raises:
        RerankerTrainingError: the file is no such encoder.
    """
    # The extra `train`.
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    transformers_logging.disable_progress_bar()
    encoder = _trainable(files)
    encoder.save_pretrained(target)
    shutil.copyfile(files.tokenizer, target / TOKENIZER_FILE)
    return target


def _trainable(files: OnnxModelFiles) -> "PreTrainedModel":
    # The extra `train`.
    import torch  # noqa: PLC0415
    from transformers import BertModel  # noqa: PLC0415

    from reranker.training.quantised_weights import read_onnx_weights  # noqa: PLC0415

    weights = {
        name.removeprefix(_PREFIX): values
        for name, values in read_onnx_weights(files.weights).items()
    }
    found = {name: torch.from_numpy(values.copy()) for name, values in weights.items()}
    expected = _served_vectors(files)
    width = expected.shape[1]
    for head_width in (each for each in _HEAD_WIDTHS if width % each == 0):
        configuration = _configuration(weights, width // head_width)
        encoder = BertModel(configuration, add_pooling_layer=False)
        missing = encoder.load_state_dict(found, strict=False).missing_keys
        if missing:
            raise _untrainable(files, f"it lacks {', '.join(missing[:3])}")
        if _agreement(_vectors(encoder.eval(), files), expected) >= _LEAST_COSINE:
            return encoder
    raise _untrainable(files, "its weights do not give its vectors")


def _configuration(weights: Mapping[str, NDArray[np.float32]], heads: int) -> "BertConfig":
    """Return what the shapes of the weights say; how many heads there are they do not."""
    from transformers import BertConfig  # noqa: PLC0415

    vocabulary, width = weights["embeddings.word_embeddings.weight"].shape
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=sum(name.endswith("attention.self.query.weight") for name in weights),
        num_attention_heads=heads,
        intermediate_size=weights["encoder.layer.0.intermediate.dense.bias"].shape[0],
        max_position_embeddings=weights["embeddings.position_embeddings.weight"].shape[0],
    )


def _served_vectors(files: OnnxModelFiles) -> NDArray[np.float32]:
    served = OnnxTextEncoder(files, threads=1, max_tokens=_MAX_TOKENS)
    return np.stack([served.encode_query(each) for each in _PROBE])


def _vectors(encoder: "PreTrainedModel", files: OnnxModelFiles) -> NDArray[np.float32]:
    import torch  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.no_padding()
    vectors = []
    with torch.no_grad():
        for text in _PROBE:
            ids = torch.tensor([tokenizer.encode(files.query_prefix + text).ids])
            tokens = encoder(input_ids=ids)[0][0]
            vectors.append((tokens[0] if files.pooling is Pooling.CLS else tokens.mean(0)).numpy())
    return np.stack(vectors)


def _agreement(found: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """Return the least cosine of two vectors of one text."""
    products = (found * expected).sum(axis=1)
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(expected, axis=1)
    return float((products / lengths).min())


def _untrainable(files: OnnxModelFiles, why: str) -> RerankerTrainingError:
    return RerankerTrainingError(
        f"{files.name} cannot be trained from: {why}",
        remedy="start from a BERT-like encoder, or from a Hugging Face folder",
    )
