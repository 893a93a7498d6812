"""OpenSearch away, slow, overloaded or broken; clients that leave."""

import socket
import threading
import time

import pytest
import requests

from search_engine.testing import Fault, fault_proxy
from tests.integration.query_proxy.broken_server import broken_server

TEXT = {"query": {"match": {"title": "novaphone 12 case red"}}, "size": 1}
SORTED = {**TEXT, "sort": ["id"]}


def search(url, index, body=TEXT):
    return requests.post(f"{url}/{index}/_search", json=body, timeout=30)


def told(answer):
    return answer.status_code, answer.json()["error"]["type"]


def test_nobody_there_is_503_for_both_kinds_of_search(start_proxy):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with start_proxy(indices=("x",), upstream=f"http://127.0.0.1:{port}") as url:
        assert told(search(url, "x")) == (503, "search_engine_unavailable")
        assert told(search(url, "x", SORTED)) == (503, "search_engine_unavailable")
        assert search(url, "x").headers["retry-after"] == "5"
        ready = requests.get(f"{url}/shop/ready", timeout=30)
        assert ready.status_code == 503
        assert requests.get(f"{url}/shop/health", timeout=30).status_code == 200


def test_a_node_that_never_answers_is_504_in_time(start_proxy):
    options = {"timeout_seconds": 0.3, "retrieval": {"deadline_ms": 300}}
    with (
        broken_server(None) as silent,
        start_proxy(indices=("x",), upstream=silent, **options) as url,
    ):
        started = time.monotonic()
        assert told(search(url, "x")) == (504, "search_engine_timeout")
        assert told(search(url, "x", SORTED)) == (504, "search_engine_timeout")
        assert time.monotonic() - started < 5


def test_garbage_is_503(start_proxy):
    garbage = b"\x16\x03 what?\r\n\r\n"
    with broken_server(garbage) as node, start_proxy(indices=("x",), upstream=node) as url:
        assert told(search(url, "x")) == (503, "search_engine_unavailable")
        assert told(search(url, "x", SORTED)) == (503, "search_engine_unavailable")


def test_an_answer_that_breaks_off_breaks_off_for_the_client_too(start_proxy):
    half = b"HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n" + b"x" * 300_000
    with broken_server(half) as upstream, start_proxy(indices=("x",), upstream=upstream) as url:
        with pytest.raises(requests.exceptions.RequestException):
            search(url, "x", SORTED)
        assert requests.get(f"{url}/shop/health", timeout=30).status_code == 200


def test_a_short_answer_that_breaks_off_is_told_as_503(start_proxy):
    half = b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"took":'
    with broken_server(half) as upstream, start_proxy(indices=("x",), upstream=upstream) as url:
        assert told(search(url, "x", SORTED)) == (503, "search_engine_unavailable")


@pytest.mark.parametrize(
    ("fault", "hybrid_status", "passed_status"),
    [
        (Fault.TOO_MANY_REQUESTS, 429, 429),
        (Fault.SERVICE_UNAVAILABLE, 503, 503),
        (Fault.HALF_AN_ANSWER, 503, 503),
        (Fault.LOST_ANSWER, 503, 503),
        (Fault.REFUSED_CONNECTION, 503, 503),
    ],
)
def test_a_fault_of_the_node_is_told_and_the_next_search_is_answered(
    start_proxy, index, opensearch_url, fault, hybrid_status, passed_status
):
    broken = threading.Event()

    def plan(request):
        return fault if broken.is_set() and "search" in request.path else None

    with (
        fault_proxy(opensearch_url, plan) as node,
        start_proxy(indices=(index,), upstream=node) as url,
    ):
        assert search(url, index).status_code == 200
        broken.set()
        assert search(url, index).status_code == hybrid_status
        assert search(url, index, SORTED).status_code == passed_status
        broken.clear()
        assert search(url, index).headers["x-shopkeeper-search"] == "hybrid"


def test_a_node_that_keeps_failing_is_not_waited_for(start_proxy):
    options = {"breaker_failures": 2, "breaker_seconds": 60, "retrieval": {"deadline_ms": 100}}
    with (
        broken_server(None) as silent,
        start_proxy(indices=("x",), upstream=silent, timeout_seconds=0.1, **options) as url,
    ):
        until(lambda: search(url, "x").status_code == 503)
        started = time.monotonic()
        answers = [search(url, "x"), search(url, "x", SORTED), requests.get(f"{url}/shop/search")]
        assert [told(each) for each in answers] == [(503, "search_engine_unavailable")] * 3
        assert time.monotonic() - started < 2
        assert 'circuits_open{dependency="opensearch"} 1.0' in metrics(url)


def test_a_slow_node_is_waited_for_as_long_as_there_is_time(start_proxy, index, opensearch_url):
    pause = [0.3]

    def slowly(request):
        if "search" in request.path:
            time.sleep(pause[0])

    options = {"timeout_seconds": 1, "retrieval": {"deadline_ms": 1_000}}
    with (
        fault_proxy(opensearch_url, slowly) as node,
        start_proxy(indices=(index,), upstream=node, **options) as url,
    ):
        for body in (TEXT, SORTED):
            assert search(url, index, body).status_code == 200
        pause[0] = 3.0
        started = time.monotonic()
        for body in (TEXT, SORTED):
            assert told(search(url, index, body)) == (504, "search_engine_timeout")
        assert time.monotonic() - started < 2.9
        assert 'refused_total{code="search_engine_timeout"} 2.0' in metrics(url)
        pause[0] = 0.0
        assert search(url, index).status_code == 200


def test_a_page_that_cannot_be_fetched_after_the_legs_were_is_told(
    start_proxy, index, opensearch_url
):
    fault = [Fault.SERVICE_UNAVAILABLE]

    def plan(request):
        is_page = f"/{index}/_search" in request.path
        return fault[0] if is_page else None

    with (
        fault_proxy(opensearch_url, plan) as node,
        start_proxy(indices=(index,), upstream=node) as url,
    ):
        assert told(search(url, index)) == (503, "search_engine_unavailable")
        fault[0] = Fault.TOO_MANY_REQUESTS
        assert told(search(url, index)) == (429, "search_engine_overloaded")
        fault[0] = None
        assert search(url, index).headers["x-shopkeeper-search"] == "hybrid"


def test_under_load_a_node_that_goes_and_comes_back_costs_errors_but_no_hang(
    start_proxy, index, opensearch_url
):
    gone, ended = threading.Event(), threading.Event()
    answers, hung = [], []

    def ask():
        while not ended.is_set():
            started = time.monotonic()
            answers.append(search(url, index).status_code)
            if time.monotonic() - started > 10:
                hung.append(started)

    options = {"breaker_failures": 5, "breaker_seconds": 0.2}
    with (
        fault_proxy(
            opensearch_url, lambda _: Fault.REFUSED_CONNECTION if gone.is_set() else None
        ) as node,
        start_proxy(indices=(index,), upstream=node, **options) as url,
    ):
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        until(lambda: answers.count(200) > 10, 30)
        gone.set()
        until(lambda: answers.count(503) > 50, 30)
        assert 'circuits_open{dependency="opensearch"} 1.0' in metrics(url)
        gone.clear()
        until(lambda: answers[-20:] == [200] * 20, 30)
        ended.set()
        for thread in threads:
            thread.join()
        assert set(answers) == {200, 503}
        assert hung == []
        told_by_metrics = sum(
            float(line.split()[1])
            for line in metrics(url).splitlines()
            if line.startswith('shopkeeper_proxy_requests_total{kind="search"')
        )
        assert told_by_metrics == len(answers)
        assert under_way(url) == 0


def test_more_requests_than_permits_and_queue_are_told_to_wait(start_proxy):
    options = {"permits": 1, "queue": 1, "queue_ms": 200, "timeout_seconds": 2}
    with (
        broken_server(None) as silent,
        start_proxy(indices=("x",), upstream=silent, **options) as url,
    ):
        answers = []

        def ask():
            answers.append(search(url, "x", SORTED))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = [each for each in answers if each.status_code == 429]
        assert sorted(each.status_code for each in answers) == [429, 429, 429, 504]
        assert {each.headers["retry-after"] for each in refused} == {"1"}
        assert {each.json()["error"]["type"] for each in refused} == {"too_many_requests"}


def test_work_is_dropped_when_the_client_leaves(start_proxy):
    options = {"permits": 1, "queue": 0, "timeout_seconds": 30}
    with (
        broken_server(None) as silent,
        start_proxy(indices=("x",), upstream=silent, **options) as url,
    ):
        port = int(url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as client:
            body = b'{"sort":["id"]}'
            client.sendall(
                b"POST /x/_search HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                b"content-length: %d\r\n\r\n%s" % (len(body), body)
            )
            until(lambda: under_way(url) == 1)
        until(lambda: under_way(url) == 0)
        assert 'kind="search",status="499"' in metrics(url)


def metrics(url):
    return requests.get(f"{url}/shop/metrics", timeout=30).text


def under_way(url):
    # Asking for the metrics needs no permit.
    line = next(
        line
        for line in metrics(url).splitlines()
        if line.startswith("shopkeeper_proxy_requests_under_way ")
    )
    return float(line.split()[1])


def until(condition, seconds=10):
    ended = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ended, "it did not happen in time"
