import subprocess
import sys
import textwrap

import psutil
import pytest

from search_core import LocalStackError
from shopkeeper.local_stack import NodeFolder
from shopkeeper.local_stack.node_process import end_process, launch, start_time_of


@pytest.fixture
def folder(tmp_path):
    folder = NodeFolder(path=tmp_path / "opensearch")
    folder.logs.mkdir(parents=True)
    return folder


@pytest.fixture
def home(tmp_path):
    """Program files whose start script says what it was given, then waits to be ended."""
    script = tmp_path / "home" / "bin" / "opensearch"
    script.parent.mkdir(parents=True)
    script.write_text('#!/bin/sh\necho "home $OPENSEARCH_HOME"\necho trouble >&2\nexec sleep 60\n')
    script.chmod(0o755)
    return tmp_path / "home"


def test_the_node_runs_detached_and_prints_to_the_console_file(folder, home):
    environment = {"PATH": "/usr/bin:/bin", "OPENSEARCH_HOME": "/here"}
    pid = launch(folder, home=home, account=None, environment=environment)
    try:
        process = psutil.Process(pid)
        assert start_time_of(pid) == process.create_time()
        assert process.ppid() != psutil.Process().pid
    finally:
        end_process(pid)
    assert start_time_of(pid) is None or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert set(folder.console_file.read_text().splitlines()) <= {"home /here", "trouble"}


def test_the_console_file_of_the_start_before_is_replaced(folder, home):
    folder.console_file.write_text("from an earlier start")
    end_process(launch(folder, home=home, account=None, environment={"PATH": "/usr/bin:/bin"}))
    assert "earlier" not in folder.console_file.read_text()


def test_program_files_that_are_gone_are_an_error_that_names_them(folder, tmp_path):
    with pytest.raises(LocalStackError, match=r"could not be started from .*/missing"):
        launch(folder, home=tmp_path / "missing", account=None, environment={})


def test_ending_a_process_that_is_gone_is_fine():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    end_process(process.pid)


def test_what_the_process_started_ends_with_it():
    parent = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        end_process(process.pid)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_process_that_ignores_the_request_is_killed(monkeypatch):
    monkeypatch.setattr("shopkeeper.local_stack.node_process._STOP_SECONDS", 0.2)
    stubborn = textwrap.dedent("""
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("ready", flush=True)
        signal.pause()
    """)
    with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        end_process(process.pid)
        assert not psutil.pid_exists(process.pid)


def test_another_accounts_node_is_named_in_the_error(monkeypatch):
    def refuse(self):
        raise psutil.AccessDenied(self.pid)

    monkeypatch.setattr(psutil.Process, "terminate", refuse)
    with pytest.raises(LocalStackError, match="started by another account"):
        end_process(psutil.Process().pid)
