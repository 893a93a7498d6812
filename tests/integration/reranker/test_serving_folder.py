"""The named model, rewritten for real: faster steps, the same scores."""

import logging

import numpy as np
import onnx
import pytest

from artifacts import ArtifactStore, default_cache_dir
from reranker import check_cross_encoder, cross_encoder_folder, load_cross_encoder, serving_folder
from reranker.cross_encoder import ScoringOptions
from reranker.serving_folder import write_serving_weights

NAME = "ms-marco-minilm-l12-v2-int8"
QUERIES = ("laser printer", "red summer dress", "usb c cable 2 m", "noise cancelling headphones")
PASSAGES = (
    "Laser printer, black and white, 30 pages a minute. Prints on both sides of the paper.",
    "Paper tray for printers. Holds 250 sheets",
    "Summer dress, red. Light cotton with short sleeves",
    "USB cable, type C to type A, 2 m, black",
    "Headphones with microphone, over-ear, wireless, active noise control",
    "Desk lamp",
)


@pytest.fixture(scope="module")
def store():
    return ArtifactStore(default_cache_dir())


def test_it_gives_the_scores_of_the_model_as_published(store):
    pairs = [(query, passage) for query in QUERIES for passage in PASSAGES]
    # Pair by pair: beside others, int8 is rounded by the largest of them.
    alone = ScoringOptions(micro_batch=1)
    before, after = (
        load_cross_encoder(folder(NAME, store), alone).score(pairs)
        for folder in (cross_encoder_folder, serving_folder)
    )
    assert np.corrcoef(before, after)[0, 1] > 0.999
    # Over a range of more than 15.
    assert np.abs(before - after).max() < 0.5


def test_it_is_written_in_joined_steps_and_is_no_larger(store):
    before, after = (
        folder(NAME, store) / "model.onnx" for folder in (cross_encoder_folder, serving_folder)
    )
    kinds = [node.op_type for node in onnx.load(after).graph.node]
    assert kinds.count("QAttention") == 11
    assert after.stat().st_size < 1.1 * before.stat().st_size
    assert check_cross_encoder(after.parent).languages == ("en",)


def test_with_a_wrong_number_of_heads_the_model_stays_as_it_was(store, tmp_path, caplog):
    source = cross_encoder_folder(NAME, store)
    for name in ("tokenizer.json", "model_card.json"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    with caplog.at_level(logging.WARNING):
        write_serving_weights(source, tmp_path, heads=6)
    assert "its logits' correlation with those before is" in caplog.text
    assert (tmp_path / "model.onnx").read_bytes() == (source / "model.onnx").read_bytes()
