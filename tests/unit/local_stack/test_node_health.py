import os

import psutil
import pytest

from search_core import NodeStartError, SilentProgress
from shopkeeper.local_stack import NodeFolder, NodeStatus
from shopkeeper.local_stack.node_health import is_healthy, wait_until_healthy

GREEN = {"status": "green"}


@pytest.fixture
def folder(tmp_path):
    folder = NodeFolder(path=tmp_path)
    folder.logs.mkdir()
    return folder


def make_status(pid: int, started_at: float) -> NodeStatus:
    return NodeStatus(
        url="http://127.0.0.1:9200",
        version="3.5.0",
        pid=pid,
        process_started_at=started_at,
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


@pytest.fixture
def alive():
    return make_status(os.getpid(), psutil.Process().create_time())


def processes(*pids: int) -> dict:
    return {"nodes": {f"n{pid}": {"process": {"id": pid}} for pid in pids}}


@pytest.fixture
def answers(monkeypatch):
    """What the port answers: health first, then the process; the last ones for ever."""
    script: list[tuple[dict | None, dict | None]] = []

    def ask_node(port: int, path: str):
        health, process = script[0]
        if "health" in path:
            if len(script) > 1:
                script.pop(0)
            return health
        return process

    monkeypatch.setattr("shopkeeper.local_stack.node_health.ask_node", ask_node)
    return script


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(
    ("health", "process", "expected"),
    [
        ({"status": "green"}, processes(os.getpid()), True),
        ({"status": "yellow"}, processes(os.getpid()), True),
        ({"status": "red"}, processes(os.getpid()), False),
        (None, processes(os.getpid()), False),
        ({"status": "green"}, processes(1), False),
        ({"status": "green"}, {"nodes": {"a": 3}}, False),
        ({"status": "green"}, {"nodes": 3}, False),
        ({"status": "green"}, None, False),
    ],
)
def test_a_node_is_healthy_when_it_is_this_one_that_answers(
    alive, answers, health, process, expected
):
    answers.append((health, process))
    assert is_healthy(alive) is expected


def wait(folder: NodeFolder, status: NodeStatus, clock: Clock, timeout_seconds: float = 5) -> None:
    wait_until_healthy(
        folder,
        status,
        timeout_seconds=timeout_seconds,
        log_begin=0,
        progress=SilentProgress(),
        clock=clock,
        sleep=clock.sleep,
    )


def test_it_waits_until_the_node_is_healthy(folder, alive, answers):
    silent = (None, None)
    answers += [silent, silent, silent, (GREEN, processes(alive.pid))]
    answers.append((GREEN, processes(alive.pid)))
    clock = Clock()
    wait(folder, alive, clock)
    assert 100.0 < clock.now < 102.0


def test_a_node_that_ended_is_an_error_with_its_last_words(folder, answers):
    answers.append((None, None))
    folder.log_file.write_text("[ERROR] failed to obtain node locks\n")
    with pytest.raises(NodeStartError) as caught:
        wait(folder, make_status(os.getpid(), started_at=1.0), Clock())
    assert "ended during its start" in caught.value.message
    assert "failed to obtain node locks" in caught.value.message
    assert str(folder.log_file) in (caught.value.remedy or "")


def test_a_node_that_is_too_slow_is_an_error_that_names_the_setting(folder, alive, answers):
    answers.append((None, None))
    clock = Clock()
    with pytest.raises(NodeStartError, match="not healthy within 5 s") as caught:
        wait(folder, alive, clock)
    assert clock.now == pytest.approx(105.0, abs=0.5)
    assert "start_timeout_seconds" in (caught.value.remedy or "")
