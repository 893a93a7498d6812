import logging
import shutil

import pytest

from artifacts import ArtifactStore
from reranker.cross_encoder import CrossEncoder
from reranker.serving_folder import serving_folder, write_serving_weights


def test_a_folder_is_served_as_it_is(make_model, tmp_path):
    folder = make_model()
    assert serving_folder(str(folder), ArtifactStore(tmp_path / "cache")) == folder


def test_a_model_that_is_no_bert_keeps_its_graph_and_its_scores(make_model, tmp_path, caplog):
    source, target = make_model(), tmp_path / "served"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("model.onnx"))
    with caplog.at_level(logging.WARNING):
        write_serving_weights(source, target, heads=12)
    reason = f"{source / 'model.onnx'} has no quantised word embeddings"
    assert caplog.messages == [f"cross_encoder_left_slower folder={source} reason={reason}"]
    pairs = [("red", "red summer dress"), ("red", "toner black")]
    assert CrossEncoder(target).score(pairs).tolist() == pytest.approx(
        CrossEncoder(source).score(pairs).tolist()
    )
