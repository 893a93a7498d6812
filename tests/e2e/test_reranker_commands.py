"""`shopkeeper reranker train`, `export` and `gate` as a user meets them."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from reranker.testing import write_word_model

SHOPKEEPER = Path(sys.executable).with_name("shopkeeper")
HAS_EXTRA = all(
    importlib.util.find_spec(each) for each in ("torch", "datasets", "sentence_transformers")
)


def shopkeeper(*words):
    return subprocess.run(
        [SHOPKEEPER, "reranker", *words], capture_output=True, text=True, timeout=120, check=False
    )


def test_there_must_be_something_to_learn_from(tmp_path):
    done = shopkeeper("train", str(tmp_path / "mine"), "--no-catalogue")
    assert done.returncode == 2
    assert "give --judgments, or --catalogue" in done.stderr


@pytest.mark.skipif(HAS_EXTRA, reason="the extra `train` is installed here")
def test_without_the_extra_the_user_is_told_what_to_install(tmp_path):
    done = shopkeeper("train", str(tmp_path / "mine"))
    assert done.returncode == 2
    assert "pip install '.[train]' in Shopkeeper's folder" in done.stderr
    assert not (tmp_path / "mine").exists()


@pytest.mark.skipif(HAS_EXTRA, reason="the extra `train` is installed here")
def test_validating_says_what_to_install_before_anything_is_searched(tmp_path):
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,docid,rating\ndress,1,3\n")
    done = shopkeeper("validate", str(judgments))
    assert done.returncode == 2
    assert "pip install '.[train]' in Shopkeeper's folder" in done.stderr


def test_a_folder_that_was_not_trained_here_is_not_exported(tmp_path):
    model = write_word_model(tmp_path / "words")
    done = shopkeeper("export", str(model), str(tmp_path / "onnx"))
    assert done.returncode == 1
    assert "has no groups.jsonl: it was not trained here" in done.stderr


def test_the_gate_names_a_folder_without_a_model(tmp_path):
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,docid,rating\ndress,1,3\n")
    done = shopkeeper("gate", str(tmp_path), str(judgments))
    assert done.returncode == 1
    assert "has no model.onnx" in done.stderr


def test_a_model_is_not_published_for_a_language_that_it_does_not_read(tmp_path):
    model = write_word_model(tmp_path / "words", languages=["en"])
    repository = ["--set", f"reranker.repository={tmp_path / 'models'}"]
    done = shopkeeper("publish", str(model), "--for", "zh", *repository)
    assert done.returncode == 2
    assert "reads en, not zh" in done.stderr
    done = shopkeeper("publish", str(model), "--for", "zh", "--language", "zh", *repository)
    assert done.returncode == 0
    assert done.stdout == "cross_encoder_zh version 1: served from Triton's next start on\n"
    assert "add [reranker.models.zh] to shopkeeper.toml" in done.stderr


def test_a_language_is_a_code(tmp_path):
    done = shopkeeper("rollback", "--for", "chinese")
    assert done.returncode == 2
    assert "'chinese' is no ISO 639-1 code, such as zh" in done.stderr
