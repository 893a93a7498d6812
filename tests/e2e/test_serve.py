"""`shopkeeper serve` as a process: it starts, serves, replaces workers, drains and ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
import requests
from opensearchpy import OpenSearch

from search_core.settings import LocalStackSettings
from shopkeeper.local_stack import running_node, start_node

PRODUCTS = (
    {"sku": "A-100", "name": "Red summer dress", "brand": "Aria", "price": 39.9},
    {"sku": "A-101", "name": "Blue summer dress", "brand": "Aria", "price": 59.9},
    {"sku": "B-200", "name": "Insulated travel mug", "brand": "Brellin", "price": 22.5},
)
WITHOUT_MODEL = {"SHOPKEEPER_RETRIEVAL__DENSE": "false"}
DRESS = {"query": {"match": {"title": "red dress"}}}


@contextmanager
def serving(*arguments: str, url: str, **environment: str) -> Iterator[tuple[str, psutil.Process]]:
    """Run the command while the block runs; yields its address and process."""
    command = Path(sys.executable).with_name("shopkeeper")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [str(command), "serve", "--port", "0", *arguments],
        env={**kept, **WITHOUT_MODEL, "SHOPKEEPER_SEARCH_ENGINE__URL": url, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = process.stderr.readline().split(" ")[0]
        threading.Thread(target=process.stderr.read, daemon=True).start()
        until(lambda: is_alive(address))
        yield address, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stderr.close()


def is_alive(address: str) -> bool:
    try:
        return requests.get(f"{address}/shop/health", timeout=5).status_code == 200
    except (requests.exceptions.ConnectionError, requests.exceptions.Timeout):
        return False


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def index(shopkeeper, tmp_path, unique_index_name) -> str:
    lines = "\n".join(json.dumps(each) for each in PRODUCTS)
    (tmp_path / "catalogue.jsonl").write_text(lines, encoding="utf-8")
    done = shopkeeper("reindex", "catalogue.jsonl", "--index", unique_index_name)
    assert done.returncode == 0, done.stderr
    return unique_index_name


def test_a_client_only_changes_its_address(index, opensearch_url):
    with serving("--index", index, url=opensearch_url) as (address, process):
        with OpenSearch(address) as client:
            answer = client.search(index=index, body=DRESS)
        assert answer["hits"]["hits"][0]["_id"] == "A-100"
        shop = requests.get(f"{address}/shop/search", params={"q": "mug"}, timeout=30)
        assert shop.json()["hits"][0]["id"] == "B-200"
        process.terminate()
        assert process.wait(30) == 0


def test_workers_share_the_address_and_their_metrics_and_a_killed_one_is_replaced(
    index, opensearch_url
):
    with serving("--index", index, "--workers", "2", url=opensearch_url) as (address, process):

        def workers():
            return {
                each.pid for each in process.children() if "spawn_main" in command_line_of(each)
            }

        def answers():
            return requests.post(f"{address}/{index}/_search", json=DRESS, timeout=30).status_code

        first = workers()
        assert len(first) == 2
        assert {answers() for _ in range(10)} == {200}
        metrics = requests.get(f"{address}/shop/metrics", timeout=30).text
        assert 'shopkeeper_proxy_searches_total{outcome="hybrid"} 10.0' in metrics
        os.kill(min(first), signal.SIGKILL)
        until(lambda: len(workers()) == 2 and workers() != first)
        until(lambda: is_alive(address))
        assert {answers() for _ in range(10)} == {200}


def test_a_worker_that_is_killed_under_load_costs_only_its_own_requests(index, opensearch_url):
    arguments = ("--index", index, "--workers", "2")
    with serving(*arguments, url=opensearch_url) as (address, process):
        ended = threading.Event()
        answers: list[int | str] = []

        def ask():
            while not ended.is_set():
                try:
                    answer = requests.post(f"{address}/{index}/_search", json=DRESS, timeout=30)
                    answers.append(answer.status_code)
                except requests.exceptions.ConnectionError:
                    answers.append("lost")

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        until(lambda: answers.count(200) > 10)
        victim = next(each for each in process.children() if "spawn_main" in command_line_of(each))
        victim.kill()
        until(lambda: len(answers) > 100)
        ended.set()
        for thread in threads:
            thread.join()
        assert set(answers) <= {200, "lost"}
        assert answers.count("lost") <= len(threads)


def test_a_dead_triton_is_done_without_told_and_counted(index, opensearch_url):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    dead = {
        "SHOPKEEPER_RERANKER__KIND": "triton",
        "SHOPKEEPER_RERANKER__URL": f"127.0.0.1:{port}",
        "SHOPKEEPER_RERANKER__FAILURES_TO_OPEN": "2",
    }
    with serving("--index", index, url=opensearch_url, **dead) as (address, _):

        def ask():
            return requests.post(f"{address}/{index}/_search", json=DRESS, timeout=30)

        until(lambda: circuits_of(address)["reranker"] == "open" or not ask())
        answer = ask()
        assert answer.status_code == 200
        assert answer.json()["hits"]["hits"][0]["_id"] == "A-100"
        assert answer.headers["x-shopkeeper-degraded"].startswith("without reranker")
        metrics = metrics_of(address)
        assert 'circuits_open{dependency="reranker"} 1.0' in metrics
        assert 'circuits_open{dependency="opensearch"} 0.0' in metrics
        assert 'searches_total{outcome="degraded"}' in metrics


def test_a_request_under_way_is_answered_before_the_end():
    with (
        slow_server() as (node, release),
        serving("--index", "x", url=node) as (address, process),
    ):
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(requests.get(f"{address}/x/_count", timeout=30))
        )
        asking.start()
        until(lambda: "requests_under_way 1.0" in metrics_of(address))
        process.terminate()
        until(lambda: not is_alive(address))
        release.set()
        asking.join()
        assert answers[0].json() == {"count": 3}
        assert process.wait(30) == 0


def test_a_load_balancer_has_time_to_notice_the_end(opensearch_url):
    extra = {"SHOPKEEPER_QUERY_PROXY__UNREADY_SECONDS": "3"}
    with serving("--index", "not-there", url=opensearch_url, **extra) as (address, process):
        until(lambda: requests.get(f"{address}/shop/ready", timeout=30).status_code == 200)
        process.terminate()
        until(lambda: requests.get(f"{address}/shop/ready", timeout=30).status_code == 503)
        reason = requests.get(f"{address}/shop/ready", timeout=30).json()["reason"]
        assert reason == "shutting down"
        assert process.wait(30) == 0


def test_a_taken_port_is_told(shopkeeper):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = shopkeeper("serve", "--port", port)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: 127.0.0.1:{port} cannot be listened on: Address already in use\n"
        "  → choose another by --port or query_proxy.port\n"
    )


def test_the_proxy_outlives_its_node(data_dir):
    settings = LocalStackSettings(data_dir=data_dir, heap_mb=512, start_timeout_seconds=180)
    node = start_node(settings)
    requests.put(f"{node.url}/plain/_doc/1?refresh=true", json={"a": 1}, timeout=30)
    extra = {"SHOPKEEPER_QUERY_PROXY__OPEN_INDICES": "plain"}
    with serving("--index", "products", url=node.url, **extra) as (address, _):

        def status():
            return requests.get(f"{address}/plain/_search", timeout=30).status_code

        assert status() == 200
        ended, answers = threading.Event(), []

        def load():
            while not ended.is_set():
                answers.append(status())
                time.sleep(0.01)

        threads = [threading.Thread(target=load) for _ in range(3)]
        for thread in threads:
            thread.start()
        psutil.Process(node.pid).kill()
        until(lambda: running_node(settings) is None)
        until(lambda: answers[-5:] == [503] * 5)
        port = int(node.url.rpartition(":")[2])
        start_node(settings.model_copy(update={"http_port": port}))
        until(lambda: answers[-5:] == [200] * 5, 120)
        ended.set()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
        # While it starts, a node that listens already answers 503 itself, or is too busy to (504).
        assert set(answers) <= {200, 503, 504}


def command_line_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def circuits_of(address: str) -> dict[str, str]:
    return requests.get(f"{address}/shop/status", timeout=30).json()["circuits"]


def metrics_of(address: str) -> str:
    return requests.get(f"{address}/shop/metrics", timeout=30).text


@contextmanager
def slow_server() -> Iterator[tuple[str, threading.Event]]:
    """Answer counts once the event is set."""
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if "_count" in self.path:
                release.wait(30)
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"count": 3}')

        def log_message(self, format, *args):  # noqa: A002 - the base's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", release
    finally:
        release.set()
        server.shutdown()
        thread.join()
        server.server_close()
