"""Fault injection for tests: an HTTP proxy before a real node, which breaks chosen requests.

It imitates nothing: every request that is not broken is answered by the node itself.
"""

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "keep-alive", "content-length"})


class Fault(StrEnum):
    """What becomes of a request instead of its answer."""

    FORBIDDEN = "403"
    TOO_MANY_REQUESTS = "429"
    SERVICE_UNAVAILABLE = "503"
    TOO_LARGE = "413"
    HALF_AN_ANSWER = "half an answer"
    """The node does the work, and the connection breaks within its answer."""
    LOST_ANSWER = "lost answer"
    """The node does the work, and the connection closes without an answer."""
    REFUSED_CONNECTION = "refused connection"
    """The connection closes before the node sees the request."""
    ITEMS_TOO_MANY = "429 for every third document"
    """Of a bulk request the node does the others."""
    ITEMS_UNAVAILABLE = "503 for every third document"


_STATUS_FAULTS = (
    Fault.FORBIDDEN,
    Fault.TOO_MANY_REQUESTS,
    Fault.SERVICE_UNAVAILABLE,
    Fault.TOO_LARGE,
)

_ITEM_FAULTS = {Fault.ITEMS_TOO_MANY: 429, Fault.ITEMS_UNAVAILABLE: 503}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxiedRequest:
    """A request on its way to the node."""

    number: int
    """Among those to the same kind of path (`bulk` or `other`), from 1."""
    method: str
    path: str
    """With the query string."""
    body: bytes
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def is_bulk(self) -> bool:
        """Whether it writes documents."""
        return "/_bulk" in self.path


FaultPlan = Callable[[ProxiedRequest], Fault | None]


@contextmanager
def fault_proxy(node_url: str, plan: FaultPlan) -> Iterator[str]:
    """Run a proxy before a node while the block runs; yields its address.

    Args:
        node_url: of the real node.
        plan: which fault befalls a request; `None` lets it pass. Called by several threads.
    """
    server = _FaultServer(urlsplit(node_url).netloc, plan)
    thread = threading.Thread(target=server.serve_forever, name="fault-proxy")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _FaultServer(ThreadingHTTPServer):
    def __init__(self, node: str, plan: FaultPlan) -> None:
        super().__init__(("127.0.0.1", 0), _FaultHandler)
        self.node = node
        self._plan = plan
        self._lock = threading.Lock()
        self._bulk_requests = 0
        self._other_requests = 0

    def fault(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Fault | None:
        """Ask the plan what becomes of a request."""
        with self._lock:
            if "/_bulk" in path:
                self._bulk_requests += 1
                number = self._bulk_requests
            else:
                self._other_requests += 1
                number = self._other_requests
        return self._plan(
            ProxiedRequest(number=number, method=method, path=path, body=body, headers=headers)
        )

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that was killed leaves broken connections."""

    def forward(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        """Have the node answer."""
        connection = http.client.HTTPConnection(self.node, timeout=120)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()


class _FaultHandler(BaseHTTPRequestHandler):
    server: _FaultServer
    # One request a connection: a broken one then breaks no other.
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        """Answer, or break, a request of any method."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        fault = self.server.fault(
            self.command,
            self.path,
            body,
            {name.lower(): value for name, value in self.headers.items()},
        )
        if fault is Fault.REFUSED_CONNECTION:
            return
        if fault in _STATUS_FAULTS:
            self._answer(int(fault.value), b'{"error":"injected by a test"}', {})
            return
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {"host", "connection"}
        }
        if fault in _ITEM_FAULTS:
            status, answer, answer_headers = self._without_some(body, headers, _ITEM_FAULTS[fault])
        else:
            status, answer, answer_headers = self.server.forward(
                self.command, self.path, body, headers
            )
        if fault is not Fault.LOST_ANSWER:
            self._answer(status, answer, answer_headers, half=fault is Fault.HALF_AN_ANSWER)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base's names

    def _without_some(
        self, body: bytes, headers: Mapping[str, str], item_status: int
    ) -> tuple[int, bytes, dict[str, str]]:
        """Have the node do two thirds of a bulk request, and refuse the rest in its name."""
        items = _bulk_items(body)
        passed = b"".join(lines for place, (_, lines) in enumerate(items) if place % 3)
        done: list[dict[str, Any]] = []
        if passed:
            sent = {
                name: value for name, value in headers.items() if name.lower() != "content-length"
            }
            status, answer, answer_headers = self.server.forward("POST", self.path, passed, sent)
            if status != HTTPStatus.OK:
                return status, answer, answer_headers
            done = json.loads(answer)["items"]
        remaining = iter(done)
        all_items = [
            next(remaining) if place % 3 else _refused(action, item_status)
            for place, (action, _) in enumerate(items)
        ]
        whole = {"took": 1, "errors": True, "items": all_items}
        return HTTPStatus.OK, json.dumps(whole).encode(), {}

    def _answer(
        self, status: int, body: bytes, headers: Mapping[str, str], *, half: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in ({"content-type": "application/json"} | dict(headers)).items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if half else body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Stay silent: a test's output is not a log."""


def _bulk_items(body: bytes) -> list[tuple[dict[str, Any], bytes]]:
    """Part a bulk request: each action, and its lines as they are."""
    lines = iter(body.splitlines(keepends=True))
    items: list[tuple[dict[str, Any], bytes]] = []
    for line in lines:
        action = json.loads(line)
        has_document = "delete" not in action
        items.append((action, line + next(lines) if has_document else line))
    return items


def _refused(action: Mapping[str, Any], status: int) -> dict[str, Any]:
    ((name, what),) = action.items()
    error = {"type": "rejected_execution_exception", "reason": "injected by a test"}
    return {name: {"_id": what["_id"], "status": status, "error": error}}
