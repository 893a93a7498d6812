import dataclasses
import os
import subprocess
import sys
from datetime import UTC, datetime

import psutil
import pytest

from shopkeeper.local_stack import NodeFolder, NodeStatus
from shopkeeper.local_stack.node_state import is_alive, read_running, remove_state, write_state


@pytest.fixture
def folder(tmp_path):
    folder = NodeFolder(path=tmp_path / "opensearch")
    folder.path.mkdir()
    return folder


@pytest.fixture
def status():
    """The state of a node whose process is this test's own."""
    return NodeStatus(
        url="http://127.0.0.1:9200",
        version="3.5.0",
        pid=os.getpid(),
        process_started_at=psutil.Process().create_time(),
        starter_pid=1,
        http_port=9200,
        transport_port=9300,
        heap_mb=1024,
        java_home="/java",
        java_version=25,
        account=None,
        data_dir="/data",
        log_path="/data/opensearch/logs/opensearch.log",
    )


def test_a_node_whose_process_runs_is_found(folder, status):
    write_state(folder, status)
    assert read_running(folder) == status


def test_no_state_file_means_no_node(folder):
    assert read_running(folder) is None


def test_a_state_file_of_a_process_that_is_gone_is_stale(folder, status):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    write_state(folder, dataclasses.replace(status, pid=ended.pid))
    assert read_running(folder) is None


def test_a_process_id_that_another_program_got_is_not_the_node(folder, status):
    an_hour_before = status.process_started_at - 3600
    write_state(folder, dataclasses.replace(status, process_started_at=an_hour_before))
    assert read_running(folder) is None


def test_a_node_is_known_by_its_command_line_after_the_clock_was_set(folder, status):
    option = f"-Dopensearch.path.conf={folder.config}"
    with subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()", option],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        process.stdout.readline()  # only now its command line can be relied on
        changed = dataclasses.replace(status, pid=process.pid, process_started_at=1.0)
        assert is_alive(changed, folder.config)
        assert not is_alive(changed, folder.path / "another")


def test_a_process_that_ended_but_was_not_collected_is_not_alive(folder, status):
    process = subprocess.Popen([sys.executable, "-c", ""])
    child = psutil.Process(process.pid)
    started_at = child.create_time()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(
        dataclasses.replace(status, pid=process.pid, process_started_at=started_at), folder.config
    )
    process.wait()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', '{"unknown": 1}'])
def test_a_state_file_that_cannot_be_understood_counts_as_no_node(folder, content, caplog):
    folder.state_file.write_text(content)
    assert read_running(folder) is None
    assert "state_file_unreadable" in caplog.text


def test_a_stopped_node_is_forgotten(folder, status):
    write_state(folder, status)
    remove_state(folder)
    remove_state(folder)
    assert read_running(folder) is None


def test_the_start_is_shown_in_utc(status):
    shown = dataclasses.replace(status, process_started_at=0.0).started_at
    assert shown == datetime(1970, 1, 1, tzinfo=UTC)
