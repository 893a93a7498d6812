"""Triton in up, down and status while none runs. With one: tests/integration/reranker."""

import json

import pytest
from click.testing import CliRunner

from search_core import TritonStartError
from search_core.settings import LocalStackSettings
from shopkeeper.commands.down import down
from shopkeeper.commands.reranker import reranker
from shopkeeper.commands.status import status
from shopkeeper.commands.up import up
from shopkeeper.local_stack import TritonFolder, start_triton


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__DATA_DIR", str(tmp_path))
    return CliRunner().invoke


def test_down_of_triton_alone_says_that_it_was_not_running(run):
    assert run(down, ["--triton"]).stdout == "Triton was not running\n"
    shown = json.loads(run(down, ["--triton", "--json"]).stdout)
    assert shown == {"triton": {"running": False, "stopped": False}}


def test_a_purge_does_not_go_with_triton_alone(run):
    result = run(down, ["--triton", "--purge", "--yes"])
    assert result.exit_code == 2
    assert "does not go with --triton" in result.stderr


def test_a_triton_that_was_never_started_is_not_shown(run):
    shown = json.loads(run(status, ["--json"]).stdout)
    assert "triton" not in shown


def test_a_triton_that_has_gone_is_missed(run, tmp_path):
    folder = TritonFolder.of(LocalStackSettings(data_dir=tmp_path))
    folder.path.mkdir()
    folder.state_file.write_text("{}")
    result = run(status, [])
    assert result.exit_code == 1
    assert "Triton is not running any more" in result.stdout
    shown = json.loads(run(status, ["--json"]).stdout)["triton"]
    assert shown == {"running": False, "answers": False, "models": None}


def test_triton_is_started_after_the_node(run, monkeypatch):
    calls = []

    def start_node(settings, listener):
        calls.append("opensearch")

    def start_local_triton(settings, listener):
        calls.append("triton")
        raise TritonStartError("no")

    monkeypatch.setattr("shopkeeper.local_stack.start_node", start_node)
    monkeypatch.setattr("shopkeeper.served_models.start_local_triton", start_local_triton)
    assert isinstance(run(up, ["--triton"]).exception, TritonStartError)
    assert calls == ["opensearch", "triton"]


@pytest.mark.parametrize(
    ("version", "files", "message"),
    [(None, (), "is empty"), ("1", ("model.onnx",), r"has no model\.py")],
)
def test_a_repository_that_triton_would_hang_on_is_refused(tmp_path, version, files, message):
    repository = tmp_path / "models"
    if version is not None:
        folder = repository / "cross_encoder" / version
        folder.mkdir(parents=True)
        (folder.parent / "config.pbtxt").write_text("")
        for name in files:
            (folder / name).write_text("")
    with pytest.raises(TritonStartError, match=message):
        start_triton(LocalStackSettings(data_dir=tmp_path), repository)


def test_an_empty_model_repository_is_listed_as_such(run, tmp_path):
    assert run(reranker, ["list"]).stdout == f"no models in {tmp_path / 'triton' / 'models'}\n"


def test_publishing_a_folder_that_is_no_model_says_what_is_wanted(run, tmp_path):
    (tmp_path / "empty").mkdir()
    error = run(reranker, ["publish", "empty"]).exception
    assert "cannot serve as cross-encoder" in str(error)
    assert "tokenizer.json" in str(error)


def test_trying_without_a_reranker_says_what_to_set(run):
    error = run(reranker, ["try", "red dress", "a red dress"]).exception
    assert "no reranker is set" in str(error)
    assert "reranker.kind" in str(error)
