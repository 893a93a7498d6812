import json
import socket

import pytest
from click.testing import CliRunner

from reranker.testing import write_word_model
from search_core.settings import Settings
from shopkeeper.commands.status import status
from shopkeeper.reranker_report import describe_reranker

LEARNED = {
    "format": "shopkeeper-mixing-1",
    "queries": 79,
    "cross_encoder": "words@1",
    "learned_under": {"retrieval.candidates": 123},
    "weights": {"fusion": 0.6, "cross_encoder": 0.4},
}


@pytest.fixture
def mixing(tmp_path):
    path = tmp_path / "mixing.json"
    path.write_text(json.dumps(LEARNED))
    return path


@pytest.fixture
def report(tmp_path):
    def describe(**section):
        local = {"data_dir": str(tmp_path / "data")}
        return describe_reranker(
            Settings.model_validate({"local_stack": local, "reranker": section})
        )

    return describe


def test_where_nothing_reorders_there_is_nothing_to_say(report):
    assert report() is None


def test_each_languages_model_is_named_with_its_weight(report, tmp_path):
    english = str(write_word_model(tmp_path / "english"))
    found = report(kind="onnx", cross_encoder=english, models={"zh": {"weight": 0.3}})
    assert [(each.language, each.name, each.weight, each.answers) for each in found.models] == [
        (None, english, 0.4, None), ("zh", "", 0.3, None),
    ]  # fmt: skip
    assert found.warnings == ("reranker.models.zh.cross_encoder: there is no cross-encoder ''",)


def test_a_mixing_that_was_learned_otherwise_is_a_warning(report, tmp_path, mixing):
    english = str(write_word_model(tmp_path / "english"))
    found = report(kind="onnx", cross_encoder=english, mixing_model=str(mixing))
    assert (found.mixing.queries, found.mixing.in_use) == (79, True)
    (warning,) = found.warnings
    assert "retrieval.candidates was 123 is 200" in warning


def test_a_mixing_without_the_scores_that_it_mixes_is_a_warning(report, mixing):
    found = report(mixing_model=str(mixing))
    assert found.models == ()
    assert not found.mixing.in_use
    assert found.warnings == (
        "the mixing is not used: it mixes a cross-encoder's scores, and there is none",
    )


def test_a_mixing_that_cannot_be_read_is_a_warning(report, tmp_path):
    found = report(mixing_model=str(tmp_path / "gone.json"))
    assert found.mixing is None
    assert "gone.json cannot be read" in found.warnings[0]


def test_a_triton_that_does_not_answer_is_told_for_each_language(report):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = report(kind="triton", url=f"127.0.0.1:{port}", models={"zh": {}})
    assert [(each.language, each.name, each.answers) for each in found.models] == [
        (None, "cross_encoder", False), ("zh", "cross_encoder_zh", False),
    ]  # fmt: skip
    assert found.warnings == (
        "the cross-encoder of all others does not answer: fusion's order stays",
        "the cross-encoder of zh does not answer: fusion's order stays",
    )


def test_the_command_shows_models_mixing_and_warnings(tmp_path, monkeypatch, mixing):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__DATA_DIR", str(tmp_path))
    write_word_model(tmp_path / "english")
    (tmp_path / "shopkeeper.toml").write_text(
        '[reranker]\nkind = "onnx"\ncross_encoder = "english"\nmixing_model = "mixing.json"\n'
        '[reranker.models]\nzh = "chinese"\n'
    )
    shown = json.loads(CliRunner().invoke(status, ["--json"]).stdout)["reranker"]
    assert [each["name"] for each in shown["models"]] == ["english", "chinese"]
    assert shown["mixing"] == {"file": "mixing.json", "queries": 79, "in_use": True}
    assert len(shown["warnings"]) == 2
    words = " ".join(CliRunner().invoke(status, []).stdout.split())
    assert "mixing.json, learned from 79 queries" in words
    assert "there is no cross-encoder 'chinese'" in words
