import struct

import numpy as np
import pytest

from reranker.training.packed_bert import read_packed_bert
from search_core import RerankerTrainingError

WIDTH, INNER, POSITIONS = 32, 64, 4
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("裙", -2.5)]
FP32, FOUR_BITS = 0, 1


def block(scale, weights):
    """Return 32 weights of -8 to 7 as they are stored."""
    low, high = weights[:16], weights[16:]
    halves = [(a + 8) | ((b + 8) << 4) for a, b in zip(low, high, strict=True)]
    return np.float16(scale).tobytes() + bytes(halves)


def matrix(outputs, inputs, scale=0.5, weights=tuple(range(-8, 8)) * 2):
    return FOUR_BITS, outputs * inputs, block(scale, weights) * (outputs * inputs // 32)


def vector(*values):
    return FP32, len(values), np.array(values, "<f4").tobytes()


def tensors():
    found = {
        "emb.word": matrix(len(PIECES) + 3, WIDTH),
        "emb.pos": vector(*([1.0] * POSITIONS * WIDTH)),
        "emb.type": vector(*([0.0] * WIDTH), *([2.0] * WIDTH)),
        "emb.ln.w": vector(*([1.0] * WIDTH)),
        "emb.ln.b": vector(*([0.0] * WIDTH)),
        "l0.fi.w": matrix(INNER, WIDTH, scale=2.0),
        "l0.fi.b": vector(*([0.0] * INNER)),
        "l0.fo.w": matrix(WIDTH, INNER),
    }
    found |= {f"l0.{name}.w": matrix(WIDTH, WIDTH) for name in ("q", "k", "v", "ao")}
    found |= {f"l0.{name}.w": vector(*([1.0] * WIDTH)) for name in ("aln", "oln")}
    named = ("q", "k", "v", "ao", "aln", "fo", "oln")
    return found | {f"l0.{name}.b": vector(*([0.5] * WIDTH)) for name in named}


def packed(version=1, block_size=32, stored=None):
    """Return the bytes of a file with one layer."""
    text = [piece.encode() for piece, _ in PIECES]
    ends = np.cumsum([0, *map(len, text)]).astype("<u4")
    content = b"E5S1" + struct.pack("<i", version)
    content += struct.pack(
        "<7ifi", WIDTH, 1, 2, INNER, len(PIECES) + 3, POSITIONS, 2, 1e-12, block_size
    )
    content += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1]))
    content += ends.tobytes() + np.array([score for _, score in PIECES], "<f4").tobytes()
    content += b"".join(text)
    characters = struct.pack("<IBI", ord("\t"), 1, ord(" "))
    content += struct.pack("<iI", 1, len(characters)) + characters
    stored = tensors() if stored is None else stored
    content += struct.pack("<i", len(stored))
    start = len(content) + sum(2 + len(name) + 21 for name in stored)
    directory, values = b"", b""
    for name, (kind, count, data) in stored.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, start + len(values), len(data))
        values += data
    return content + directory + values


def written(tmp_path, content):
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    return path


def test_sizes_and_pieces_are_those_of_the_file(tmp_path):
    bert = read_packed_bert(written(tmp_path, packed()))
    assert (bert.width, bert.layers, bert.heads, bert.inner_width) == (32, 1, 2, 64)
    assert (bert.positions, bert.begin, bert.padding, bert.end, bert.unknown) == (4, 0, 1, 2, 3)
    assert bert.pieces == tuple(PIECES)


def test_weights_are_their_four_bits_times_the_scale_of_their_block(tmp_path):
    weights = read_packed_bert(written(tmp_path, packed())).weights
    expected = [0.5 * value for value in range(-8, 8)] * 2
    assert weights["bert.encoder.layer.0.attention.self.query.weight"][7].tolist() == expected
    inner = weights["bert.encoder.layer.0.intermediate.dense.weight"]
    assert inner.shape == (64, 32)
    assert inner[0, :3].tolist() == [2.0 * -8, 2.0 * -7, 2.0 * -6]
    assert weights["bert.encoder.layer.0.output.dense.weight"].shape == (32, 64)


def test_what_is_stored_whole_is_taken_as_it_is(tmp_path):
    weights = read_packed_bert(written(tmp_path, packed())).weights
    assert weights["bert.embeddings.token_type_embeddings.weight"][:, 0].tolist() == [0.0, 2.0]
    assert weights["bert.embeddings.position_embeddings.weight"].shape == (4, 32)
    assert weights["bert.encoder.layer.0.output.LayerNorm.bias"].tolist() == [0.5] * 32


def test_rows_that_no_piece_has_are_left_out(tmp_path):
    weights = read_packed_bert(written(tmp_path, packed())).weights
    assert weights["bert.embeddings.word_embeddings.weight"].shape == (len(PIECES), 32)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04", "does not begin with E5S1"),
        (packed(version=2), "it has version 2, not 1"),
        (packed(block_size=64), "its blocks have 64 weights, not 32"),
        (packed()[:60], "is no packed BERT"),
        (packed()[:-40], "is no packed BERT"),
        (packed(stored=tensors() | {"emb.pos": (7, 1, b"")}), "emb.pos is stored in an unknown"),
    ],
)
def test_another_file_or_half_a_file_is_refused(tmp_path, content, reason):
    with pytest.raises(RerankerTrainingError, match=reason):
        read_packed_bert(written(tmp_path, content))


def test_a_missing_tensor_is_named(tmp_path):
    stored = tensors()
    del stored["l0.fo.w"]
    with pytest.raises(RerankerTrainingError, match=r"l0\.fo\.w"):
        read_packed_bert(written(tmp_path, packed(stored=stored)))
