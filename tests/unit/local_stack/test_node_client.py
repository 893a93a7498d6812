import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shopkeeper.local_stack.node_client import ask_node
from shopkeeper.local_stack.ports import LOOPBACK


@contextmanager
def answering(response: bytes) -> Iterator[int]:
    """A server that gives one answer, whatever it is asked."""
    with socket.create_server((LOOPBACK, 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(response)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def http(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_a_json_answer_is_returned(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://proxy.test:3128")
    with answering(http("200 OK", b'{"status": "green"}')) as port:
        assert ask_node(port, "/_cluster/health") == {"status": "green"}


@pytest.mark.parametrize(
    "response",
    [
        http("503 Service Unavailable", b'{"status": "red"}'),
        http("200 OK", b"<html>"),
        http("200 OK", b"[1]"),
        b"not http at all\r\n\r\n",
        b"",
    ],
)
def test_any_other_answer_is_no_answer(response):
    with answering(response) as port:
        assert ask_node(port, "/_cluster/health") is None


def test_a_port_on_which_nobody_listens_gives_no_answer():
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
    assert ask_node(port, "/") is None
