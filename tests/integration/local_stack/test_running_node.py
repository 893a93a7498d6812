"""One real node, started by two `shopkeeper up` at once, and what other commands say about it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from search_core.settings import LocalStackSettings
from shopkeeper.local_stack import NodeStatus, describe_node, running_node, start_node

COMMAND = [sys.executable, "-m", "shopkeeper.command_line"]


@dataclass(frozen=True)
class Started:
    data_dir: Path
    printed: list[str]
    exit_statuses: list[int]
    node: NodeStatus


def shopkeeper(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def started(temporary_data_dir):
    with temporary_data_dir() as data_dir:
        up = [*COMMAND, "up", "--data-dir", str(data_dir), "--heap-mb", "512"]
        running = [subprocess.Popen(up, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        printed = [process.communicate(timeout=240)[0] for process in running]
        node = running_node(LocalStackSettings(data_dir=data_dir))
        assert node is not None
        yield Started(
            data_dir=data_dir,
            printed=printed,
            exit_statuses=[process.returncode for process in running],
            node=node,
        )


def test_two_ups_at_once_start_one_node_and_both_succeed(started):
    assert started.exit_statuses == [0, 0]
    assert sorted(started.printed) == [
        f"OpenSearch 3.5.0 is running already at {started.node.url}\n",
        f"OpenSearch 3.5.0 is running at {started.node.url}\n",
    ]


def test_a_later_up_says_that_it_runs_already(started):
    answer = shopkeeper("up", "--data-dir", str(started.data_dir), "--json")
    node = json.loads(answer.stdout)["opensearch"]
    assert answer.returncode == 0
    assert (node["ran_already"], node["pid"]) == (True, started.node.pid)


def test_another_port_for_a_node_that_runs_is_refused(started):
    answer = shopkeeper("up", "--data-dir", str(started.data_dir), "--port", "9998")
    assert answer.returncode == 1
    assert f"runs already, at {started.node.url}, not on port 9998" in answer.stderr
    assert "shopkeeper down" in answer.stderr


def test_status_tells_how_the_node_is(started):
    answer = shopkeeper("status", "--data-dir", str(started.data_dir), "--json")
    node = json.loads(answer.stdout)["opensearch"]
    assert answer.returncode == 0
    assert (node["running"], node["answers"], node["version"]) == (True, True, "3.5.0")
    assert node["health"] in {"green", "yellow"}
    assert node["heap_max_bytes"] == 512 * 1024 * 1024
    assert node["disk_free_bytes"] > 0
    assert Path(node["log_path"]).is_file()


def test_status_for_people_names_address_health_and_log(started):
    answer = shopkeeper("status", "--data-dir", str(started.data_dir))
    lines = dict(line.split("\t") for line in answer.stdout.splitlines())
    assert lines["address"] == started.node.url
    assert lines["health"] in {"green", "yellow"}
    assert lines["log"] == started.node.log_path


def test_the_node_outlives_the_command_in_a_session_of_its_own(started):
    assert os.getsid(started.node.pid) not in {os.getsid(0), 0}


def test_the_node_listens_on_the_loopback_interface_only(started):
    connections = psutil.Process(started.node.pid).net_connections(kind="tcp")
    addresses = {each.laddr.ip for each in connections if each.status == psutil.CONN_LISTEN}
    assert {address.removeprefix("::ffff:") for address in addresses} == {"127.0.0.1"}


def test_root_runs_the_node_as_another_account(started):
    user = psutil.Process(started.node.pid).uids().real
    assert user != 0
    assert (started.node.account is None) == (os.geteuid() != 0)


def test_starting_it_from_python_returns_the_node_that_runs(started):
    settings = LocalStackSettings(data_dir=started.data_dir)
    assert start_node(settings) == started.node
    report = describe_node(started.node)
    assert report is not None
    assert report.health in {"green", "yellow"}


def test_vectors_can_be_indexed_and_searched(started):
    url = f"{started.node.url}/vectors"
    vector = {
        "type": "knn_vector",
        "dimension": 2,
        "method": {"name": "hnsw", "engine": "lucene", "space_type": "cosinesimil"},
    }
    body = {"settings": {"index.knn": True}, "mappings": {"properties": {"v": vector}}}
    requests.put(url, json=body, timeout=30).raise_for_status()
    for name, value in (("east", [1.0, 0.0]), ("north", [0.0, 1.0])):
        document = requests.put(f"{url}/_doc/{name}?refresh=true", json={"v": value}, timeout=30)
        document.raise_for_status()
    query = {"query": {"knn": {"v": {"vector": [0.9, 0.1], "k": 1}}}}
    hits = requests.post(f"{url}/_search", json=query, timeout=30).json()["hits"]["hits"]
    assert [hit["_id"] for hit in hits] == ["east"]
