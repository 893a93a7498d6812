"""The commands up, down and status while no node runs. With one: tests/integration/local_stack."""

import json

import pytest
from click.testing import CliRunner

from search_core import PortInUseError
from shopkeeper.commands.down import down
from shopkeeper.commands.status import status
from shopkeeper.commands.up import up
from shopkeeper.local_stack import NodeFolder


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return CliRunner().invoke


@pytest.mark.parametrize("command", [up, down, status])
def test_help_shows_an_example_and_the_exit_statuses(run, command):
    result = run(command, ["--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert "Exit status:" in result.output


def test_status_says_that_nothing_runs_and_exits_with_1(run, tmp_path):
    result = run(status, ["--data-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stdout == f"OpenSearch is not running (data folder: {tmp_path.resolve()})\n"


def test_status_as_json_says_so_too(run, tmp_path):
    result = run(status, ["--data-dir", str(tmp_path), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"opensearch": {"running": False, "answers": False}}


def test_down_without_a_node_is_fine(run, tmp_path):
    result = run(down, ["--data-dir", str(tmp_path)])
    assert result.exit_code == 0
    assert result.stdout == "OpenSearch was not running\n"


def test_a_purge_without_a_terminal_needs_yes(run, tmp_path):
    result = run(down, ["--data-dir", str(tmp_path), "--purge"])
    assert result.exit_code == 2
    assert "add --yes" in result.stderr


def test_a_purge_deletes_the_data(run, tmp_path):
    folder = NodeFolder(path=tmp_path / "opensearch")
    folder.prepare(None)
    (folder.data / "index").write_text("products")
    result = run(down, ["--data-dir", str(tmp_path), "--purge", "--yes", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["opensearch"]["purged"] is True
    assert not folder.path.exists()


def test_flags_of_up_go_before_the_settings(run, tmp_path, monkeypatch):
    asked = []

    def start_node(settings, progress):
        asked.append(settings)
        raise PortInUseError("Port 9999 is in use.")

    monkeypatch.setenv("SHOPKEEPER_LOCAL_STACK__HEAP_MB", "4096")
    monkeypatch.setattr("shopkeeper.local_stack.start_node", start_node)
    result = run(up, ["--port", "9999", "--data-dir", str(tmp_path)])
    assert isinstance(result.exception, PortInUseError)
    (settings,) = asked
    assert (settings.http_port, settings.heap_mb, settings.data_dir) == (9999, 4096, tmp_path)


def test_a_heap_that_is_too_small_is_wrong_usage(run):
    result = run(up, ["--heap-mb", "10"])
    assert result.exit_code == 2
