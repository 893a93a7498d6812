"""A model small enough to compute by hand, in the files of a real one."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import sentencepiece
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

VOCABULARY = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "red": 3, "blue": 4, "dress": 5, "query": 6}
EMBEDDINGS = np.array(
    [
        [9, 9, 9],  # padding: would spoil a mean that counted it
        [0, 0, 1],
        [1, 0, 0],
        [0, 3, 0],
        [0, 0, 3],
        [3, 0, 0],
        [0, 4, 4],
    ],
    np.float32,
)


def write_weights(path: Path, output: str = "last_hidden_state") -> None:
    """Write a model whose token vectors are rows of EMBEDDINGS, whatever stands beside them."""
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "length"])
    hidden = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", "length", 3])
    graph = helper.make_graph(
        [helper.make_node("Gather", ["embeddings", "input_ids"], [output])],
        "lookup",
        [ids, mask],
        [hidden],
        [numpy_helper.from_array(EMBEDDINGS, "embeddings")],
    )
    opset = [helper.make_opsetid("", 13)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), str(path))


def write_tokenizer(path: Path) -> None:
    """Write a tokenizer that cuts at spaces and puts [CLS] first."""
    tokenizer = Tokenizer(WordLevel(VOCABULARY, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A", special_tokens=[("[CLS]", VOCABULARY["[CLS]"])]
    )
    tokenizer.save(str(path))


@pytest.fixture
def model_folder(tmp_path: Path) -> Callable[..., Path]:
    """Make a model's folder; keyword arguments are further JSON files by path."""

    def make(name: str = "tiny", files: dict[str, object] | None = None) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        write_weights(folder / "model.onnx")
        write_tokenizer(folder / "tokenizer.json")
        for path, content in (files or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(json.dumps(content), encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def use_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Weights and tokenizer of a Universal Sentence Encoder with random weights."""
    folder = tmp_path_factory.mktemp("use")
    random = np.random.default_rng(7)

    def weights(*shape: int) -> np.ndarray:
        return random.normal(0, shape[0] ** -0.5, shape).astype(np.float32)

    arrays: dict[str, np.ndarray] = {"eps": np.float64(1e-6)}
    for chunk in range(17):
        arrays[f"q{chunk + 1}"] = random.integers(0, 256, (4, 512), np.uint8)
    arrays |= {"scale": np.full(17, 1 / 128, np.float32), "lo": np.full(17, -1, np.float32)}
    for window in (2, 3, 5):
        arrays |= {f"proj{window}": weights(512, 256), f"proj_b{window}": weights(256)}
        arrays |= {f"ln_g{window}": np.ones(256, np.float32), f"ln_b{window}": weights(256)}
        for layer in (1, 2):
            arrays[f"w{layer}_{window}"] = weights(window * 256, 256)
            arrays[f"b{layer}_{window}"] = weights(256)
    arrays |= {"ln_g": np.ones(1280, np.float32), "ln_b": weights(1280)}
    arrays |= {"cnn_W": weights(1280, 512), "cnn_b": weights(512)}
    arrays |= {"d0": weights(512, 320), "d1": weights(320, 320), "p1": weights(512, 320)}
    arrays |= {"d2": weights(320, 512), "p3": weights(320, 512), "d3": weights(512, 512)}
    np.savez(folder / "weights.npz", **arrays)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["red dress", "blue dress", "red shoe", "dress shoe blue"] * 5),
        model_prefix=str(folder / "sp"),
        vocab_size=24,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return folder / "weights.npz", folder / "sp.model"
