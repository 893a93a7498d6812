import dataclasses
import os
import subprocess
import sys

import psutil
import pytest

from search_core.settings import LocalStackSettings
from shopkeeper.local_stack import TritonFolder, TritonStatus, running_triton, stop_triton
from shopkeeper.local_stack.triton_state import read_running_triton, write_triton_state


@pytest.fixture
def folder(tmp_path):
    folder = TritonFolder(path=tmp_path / "triton")
    folder.path.mkdir()
    return folder


@pytest.fixture
def status():
    """The state of a server whose process is this test's own."""
    return TritonStatus(
        version="2.51.0",
        pid=os.getpid(),
        process_started_at=psutil.Process().create_time(),
        starter_pid=1,
        grpc_port=8001,
        http_port=8000,
        metrics_port=8002,
        repository="/models",
        log_path="/log",
    )


def test_a_server_whose_process_runs_is_found(folder, status):
    write_triton_state(folder, status)
    assert read_running_triton(folder) == status
    assert status.url == "127.0.0.1:8001"


def test_a_process_that_is_gone_is_no_server(folder, status):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    write_triton_state(folder, dataclasses.replace(status, pid=ended.pid))
    assert read_running_triton(folder) is None


def test_a_process_id_that_another_program_got_is_no_server(folder, status):
    an_hour_before = status.process_started_at - 3600
    write_triton_state(folder, dataclasses.replace(status, process_started_at=an_hour_before))
    assert read_running_triton(folder) is None


def test_a_data_folder_without_a_server_has_none_to_find_or_stop(tmp_path):
    settings = LocalStackSettings(data_dir=tmp_path)
    assert running_triton(settings) is None
    assert stop_triton(settings) is None


def test_two_folders_never_share_the_names_of_their_memory(tmp_path):
    one, other = (TritonFolder(path=tmp_path / name) for name in ("one", "other"))
    assert one.shared_memory_prefix != other.shared_memory_prefix
