import os
import subprocess
import sys

import psutil
import pytest

from shopkeeper.local_stack import TritonFolder
from shopkeeper.local_stack.triton_process import end_triton, launch_triton, remove_remains
from shopkeeper.local_stack.triton_program import TritonProgram


@pytest.fixture
def folder(tmp_path):
    folder = TritonFolder(path=tmp_path / "triton")
    folder.path.mkdir()
    return folder


@pytest.fixture
def program(tmp_path):
    """A server that prints its arguments and environment, then waits to be ended."""
    server = tmp_path / "tritonserver"
    server.write_text('#!/bin/sh\nfor each in "$@"; do echo "$each"; done\nenv\nexec sleep 60\n')
    server.chmod(0o755)
    return TritonProgram(
        server=server,
        backends=tmp_path / "backends",
        python_bin=tmp_path / "python" / "bin",
        library_folder=tmp_path / "lib",
    )


def printed_by(process, path):
    """Return what a program printed before it became `sleep`."""
    while psutil.Process(process).name() != "sleep":
        os.sched_yield()
    return path.read_text()


def test_the_server_gets_its_own_python_and_listens_here_only(folder, program, tmp_path):
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "/mine", "PYTHONHOME": "/mine", "A": "b"}
    pid = launch_triton(folder, program, tmp_path / "models", (8000, 8001, 8002), environment)
    printed = printed_by(pid, folder.log_file).splitlines()
    end_triton(pid)
    assert f"PATH={program.python_bin}:/usr/bin:/bin" in printed
    assert f"LD_LIBRARY_PATH={program.library_folder}" in printed
    assert not any(line.startswith(("PYTHONPATH", "PYTHONHOME")) for line in printed)
    assert "--grpc-address=127.0.0.1" in printed
    assert "--grpc-port=8001" in printed
    assert "--model-control-mode=explicit" in printed
    assert "--strict-readiness=false" in printed
    prefix = f"--backend-config=python,shm-region-prefix-name={folder.shared_memory_prefix}"
    assert prefix in printed


def test_ending_a_server_that_is_gone_is_fine():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    end_triton(ended.pid)


def test_what_a_killed_server_left_is_removed_and_nothing_else(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("shopkeeper.local_stack.triton_process._SHARED_MEMORY", tmp_path / "shm")
    (tmp_path / "shm").mkdir()
    ours, theirs = f"{folder.shared_memory_prefix}1", "somebody_elses_1"
    for name in (ours, theirs):
        (tmp_path / "shm" / name).write_text("")
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
    with (
        subprocess.Popen([sys.executable, "-c", stubborn, ours]) as model,
        subprocess.Popen([sys.executable, "-c", stubborn, theirs]) as other,
    ):
        try:
            remove_remains(folder)
            assert not psutil.pid_exists(model.pid)
            assert other.poll() is None
        finally:
            model.kill()
            other.kill()
    assert [each.name for each in (tmp_path / "shm").iterdir()] == [theirs]
