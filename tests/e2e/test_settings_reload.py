"""`shopkeeper serve` takes on new settings and rules while it serves, and survives broken ones."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.e2e.test_serve import (
    command_line_of,
    is_alive,
    metrics_of,
    serving,
    slow_server,
    until,
)

QUICKLY = {"SHOPKEEPER_QUERY_PROXY__RELOAD_SECONDS": "0.1"}
ON_SIGNAL_ONLY = {"SHOPKEEPER_QUERY_PROXY__RELOAD_SECONDS": "0"}
PLAIN = {"SHOPKEEPER_QUERY_PROXY__OPEN_INDICES": "*"}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Write the settings file, whole."""

    def written(text: str) -> Path:
        draft, file = tmp_path / "draft.toml", tmp_path / "shop.toml"
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
        return file

    return written


def largest(size: int) -> str:
    return f"[query_proxy]\nmax_size = {size}\n"


def status_of_size(address: str, size: int) -> int:
    body = {"size": size, "query": {"match_all": {}}}
    return requests.post(f"{address}/x/_search", json=body, timeout=30).status_code


def state(address: str) -> dict:
    return requests.get(f"{address}/shop/status", timeout=30).json()["settings"]


def test_a_changed_file_is_in_force_without_a_restart(write, opensearch_url):
    arguments = ("--index", "x", "--config", str(write(largest(5))))
    with serving(*arguments, url=opensearch_url, **QUICKLY) as (address, process):
        assert status_of_size(address, 6) == 400
        write(largest(50))
        until(lambda: status_of_size(address, 6) == 404)  # there is no index x
        assert status_of_size(address, 51) == 400
        assert state(address)["reloads"] == 1
        assert 'settings_reloads_total{outcome="in_force"} 1.0' in metrics_of(address)
        process.terminate()
        assert process.wait(30) == 0


def test_a_broken_file_leaves_the_settings_in_force_and_says_so(write, opensearch_url):
    arguments = ("--index", "x", "--config", str(write(largest(5))))
    with serving(*arguments, url=opensearch_url, **QUICKLY) as (address, _):
        write("[query_proxy]\nmax_sizes = 50\n")
        until(lambda: state(address)["state"] == "stale")
        failure = state(address)["failure"]
        assert failure["type"] == "configuration_error"
        assert "query_proxy.max_sizes" in failure["reason"]
        assert "did you mean query_proxy.max_size?" in failure["reason"]
        ready = requests.get(f"{address}/shop/ready", timeout=30)
        assert ready.json()["settings"] == "stale"
        assert "max_sizes" not in ready.text  # everybody may ask
        assert status_of_size(address, 6) == 400
        assert "shopkeeper_proxy_settings_stale 1.0" in metrics_of(address)
        write(largest(50))
        until(lambda: state(address)["state"] == "current")
        assert status_of_size(address, 6) == 404
        assert "shopkeeper_proxy_settings_stale 0.0" in metrics_of(address)


def test_a_signal_has_every_worker_read_the_file_and_none_is_replaced(write, opensearch_url):
    arguments = ("--index", "x", "--workers", "2", "--config", str(write(largest(5))))
    with serving(*arguments, url=opensearch_url, **ON_SIGNAL_ONLY) as (address, process):

        def workers():
            return {
                each.pid for each in process.children() if "spawn_main" in command_line_of(each)
            }

        first = workers()
        until(lambda: 'dependency="opensearch"' in metrics_of(address))
        write(largest(50))
        process.send_signal(signal.SIGHUP)
        until(lambda: 'settings_reloads_total{outcome="in_force"} 2.0' in metrics_of(address))
        assert {status_of_size(address, 6) for _ in range(20)} == {404}
        assert workers() == first


def test_changed_rules_are_in_force_and_broken_ones_are_told(write, tmp_path, opensearch_url):
    rules = tmp_path / "rules.txt"
    rules.write_text("frock =>\n  SYNONYM: dress\n", encoding="utf-8")
    file = write(f'[query_understanding]\nrules = "{rules}"\n')
    arguments = ("--index", "x", "--config", str(file))
    with serving(*arguments, url=opensearch_url, **QUICKLY) as (address, _):
        rules.write_text("frock =>\n  SYNONIM: dress, gown\n", encoding="utf-8")
        until(lambda: state(address)["state"] == "stale")
        assert state(address)["failure"]["type"] == "rules_error"
        assert "line 2" in state(address)["failure"]["reason"]
        rules.write_text("frock =>\n  SYNONYM: gown\n", encoding="utf-8")
        until(lambda: state(address)["state"] == "current")


def test_a_request_under_way_ends_with_the_settings_that_it_began_with(write):
    with slow_server() as (node, release):
        arguments = ("--index", "x", "--config", str(write(largest(20))))
        with serving(*arguments, url=node, **QUICKLY) as (address, _):
            answers = []
            asking = threading.Thread(
                target=lambda: answers.append(requests.get(f"{address}/x/_count", timeout=30))
            )
            asking.start()
            until(lambda: "requests_under_way 1.0" in metrics_of(address))
            write(f'[query_proxy]\nmax_size = 50\n[search_engine]\nurl = "{node}/moved"\n')
            until(lambda: state(address)["reloads"] == 1)
            release.set()
            asking.join()
            assert answers[0].json() == {"count": 3}
            assert is_alive(address)


def test_a_change_that_needs_a_restart_does_no_harm(write, opensearch_url):
    arguments = ("--index", "x", "--config", str(write("[query_proxy]\ndrain_seconds = 20\n")))
    with serving(*arguments, url=opensearch_url, **QUICKLY) as (address, _):
        write("[query_proxy]\ndrain_seconds = 1\n")
        until(lambda: state(address)["reloads"] == 1)
        assert state(address)["state"] == "current"
