"""Starts and stops of real servers: found again, refused, explained, nothing left behind."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from reranker import Reranked, connect_model_server, publish_cross_encoder
from reranker.testing import write_word_model
from search_core import ConfigurationError, RerankerModelError, TritonStartError
from shopkeeper.commands.down import down
from shopkeeper.commands.reranker import reranker
from shopkeeper.commands.status import status
from shopkeeper.local_stack import describe_triton, running_triton, stop_triton


def shared_memory(server):
    return list(Path("/dev/shm").glob(f"{server.folder.shared_memory_prefix}*"))


def test_it_is_found_again_described_and_stopped_without_a_trace(triton):
    running = triton.status
    assert triton.start() == running
    (model,) = describe_triton(running)
    assert (model.name, model.version, model.answers) == ("cross_encoder", "1", True)
    assert shared_memory(triton)
    assert stop_triton(triton.settings) == running
    assert running_triton(triton.settings) is None
    assert triton.stubs() == []
    assert shared_memory(triton) == []
    assert stop_triton(triton.settings) is None


def test_a_dead_model_shows_although_triton_calls_it_ready(triton):
    (stub,) = triton.stubs()
    stub.kill()
    (model,) = describe_triton(triton.status)
    assert not model.answers
    data = ["--data-dir", str(triton.settings.data_dir)]
    result = CliRunner().invoke(status, [*data, "--json"])
    assert result.exit_code == 1
    shown = json.loads(result.stdout)["triton"]
    assert (shown["running"], shown["answers"]) == (True, False)
    # A server whose model is dead does not end by itself in time: it is killed.
    result = CliRunner().invoke(down, [*data, "--triton"])
    assert result.stdout == "Stopped Triton\n"
    assert shared_memory(triton) == []


def test_the_commands_publish_list_try_and_roll_back(triton, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__DATA_DIR", str(triton.settings.data_dir))
    run = CliRunner().invoke
    published = run(reranker, ["publish", str(triton.models / "words"), "--json"])
    assert json.loads(published.stdout)["published"]["version"] == 2
    listed = run(reranker, ["list", "--json"])
    assert json.loads(listed.stdout)["models"] == {"cross_encoder": [1, 2]}
    tried = run(
        reranker,
        ["try", "red", "toner", "red dress", "--set", "reranker.kind=triton", "--json"],
    )
    assert [each["index"] for each in json.loads(tried.stdout)["results"]] == [1, 0]
    back = run(reranker, ["rollback"])
    assert back.stdout.startswith("cross_encoder version 1 is live: words@")
    installed = run(reranker, ["install"])
    assert "is there already" in installed.stdout


def test_a_configuration_from_before_a_setting_came_serves_on(stopped_triton):
    stopped_triton.publish("words", languages=["en"])
    configuration = stopped_triton.repository.folder / "cross_encoder" / "config.pbtxt"
    lines = configuration.read_text().splitlines(keepends=True)
    older = [line for line in lines if "_micro_batch_tokens" not in line]
    assert len(older) == len(lines) - 2
    configuration.write_text("".join(older))
    stopped_triton.start()
    (model,) = describe_triton(stopped_triton.status)
    assert model.answers


def test_an_empty_repository_is_not_served(stopped_triton):
    with pytest.raises(TritonStartError, match="is empty") as caught:
        stopped_triton.start()
    assert "shopkeeper reranker install" in caught.value.remedy


def test_a_version_without_code_is_refused_before_triton_hangs_on_it(stopped_triton):
    stopped_triton.publish("words")
    (stopped_triton.repository.version_folder("cross_encoder", 1) / "model.py").unlink()
    with pytest.raises(TritonStartError, match=r"has no model\.py"):
        stopped_triton.start()
    assert running_triton(stopped_triton.settings) is None


def test_a_model_that_does_not_load_ends_the_start_with_its_own_error(stopped_triton):
    stopped_triton.publish("words")
    version = stopped_triton.repository.version_folder("cross_encoder", 1)
    (version / "model.onnx").write_bytes(b"broken")
    with pytest.raises(TritonStartError, match="ended during its start") as caught:
        stopped_triton.start()
    assert "model.onnx does not load" in caught.value.message
    assert running_triton(stopped_triton.settings) is None
    assert shared_memory(stopped_triton) == []


def test_a_language_gets_rolls_back_and_shows_a_model_of_its_own(triton, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__DATA_DIR", str(triton.settings.data_dir))
    (tmp_path / "shopkeeper.toml").write_text(
        '[reranker]\nkind = "triton"\n[reranker.models.zh]\nweight = 0.3\n'
    )
    run = CliRunner().invoke
    refused = run(reranker, ["publish", str(triton.models / "words"), "--for", "zh"])
    assert isinstance(refused.exception, ConfigurationError)
    for name in ("one", "two"):
        folder = write_word_model(triton.models / name, languages=["zh"])
        published = run(reranker, ["publish", str(folder), "--for", "zh", "--json"])
        assert json.loads(published.stdout)["published"]["model"] == "cross_encoder_zh"
    tried = run(reranker, ["try", "裙", "toner", "red dress", "--json"])
    assert json.loads(tried.stdout)["model"].startswith("two@")
    back = run(reranker, ["rollback", "--for", "zh"])
    assert back.stdout.startswith("cross_encoder_zh version 1 is live: one@")
    shown = json.loads(run(status, ["--json"]).stdout)["reranker"]
    assert [(each["language"], each["answers"], each["weight"]) for each in shown["models"]] == [
        (None, True, 0.4), ("zh", True, 0.3),
    ]  # fmt: skip
    assert shown["models"][1]["model_id"].startswith("one@")
    assert shown["warnings"] == []
    nowhere = run(reranker, ["rollback", "--for", "de"])
    assert isinstance(nowhere.exception, RerankerModelError)


async def test_a_languages_model_that_dies_costs_no_other_its_scores_and_comes_back(triton):
    folder = write_word_model(triton.models / "chinese", languages=["zh"])
    server = connect_model_server(triton.status.url)
    publish_cross_encoder(folder, triton.repository, server, model="cross_encoder_zh")
    opened = triton.reranker(
        models={"zh": {}}, failures_to_open=1, cool_down_ms=100, cached_scores=0
    )

    async def scored(query):
        outcome = await opened.rerank(query, ["red dress"], language=None, timeout_seconds=5.0)
        return isinstance(outcome, Reranked)

    try:
        assert [await scored("red"), await scored("裙")] == [True, True]
        (stub,) = [
            each for each in triton.stubs() if "cross_encoder_zh" in " ".join(each.cmdline())
        ]
        stub.kill()
        assert [await scored("裙"), await scored("red")] == [False, True]
        assert [each.rests for each in opened.states] == [False, True]
        for _ in range(100):
            if await scored("裙"):
                break
            assert await scored("red")
            await asyncio.sleep(0.1)
        assert [each.rests for each in opened.states] == [False, False]
    finally:
        await opened.close()
