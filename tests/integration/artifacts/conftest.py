"""A real HTTP server that misbehaves as mirrors do, for the tests of downloads."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

_RANGE = re.compile(r"bytes=(\d+)-")


@dataclass
class FlakyServer:
    """What the server gives out, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    """Answered first, one a request, before anything else."""
    breaks_after: list[int] = field(default_factory=list)
    """The connection breaks after so many bytes of the answer, one a request."""
    supports_range: bool = True
    tells_length: bool = True
    content_type: str = "application/octet-stream"
    ranges_asked: list[str | None] = field(default_factory=list)
    address: str = ""

    def url(self, path: str) -> str:
        """Return the address of a file."""
        return f"{self.address}{path}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one GET."""
        self.ranges_asked.append(request.headers.get("Range"))
        content = self.files.get(request.path)
        if self.statuses:
            self._refuse(request, self.statuses.pop(0))
        elif content is None:
            self._refuse(request, 404)
        else:
            self._give(request, content)

    def _refuse(self, request: BaseHTTPRequestHandler, status: int) -> None:
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _give(self, request: BaseHTTPRequestHandler, content: bytes) -> None:
        asked = _RANGE.fullmatch(request.headers.get("Range") or "")
        offset = int(asked.group(1)) if asked and self.supports_range else 0
        if offset >= len(content) > 0:
            self._refuse(request, 416)
            return
        request.send_response(206 if offset else 200)
        if offset:
            last = len(content) - 1
            request.send_header("Content-Range", f"bytes {offset}-{last}/{len(content)}")
        if self.tells_length:
            request.send_header("Content-Length", str(len(content) - offset))
        request.send_header("Content-Type", self.content_type)
        request.end_headers()
        end = offset + self.breaks_after.pop(0) if self.breaks_after else len(content)
        request.wfile.write(content[offset:end])
        request.close_connection = True


@contextmanager
def flaky_server() -> Iterator[FlakyServer]:
    """Run a server on a free port of the loopback interface."""
    script = FlakyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script.answer(self)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server() -> Iterator[FlakyServer]:
    """A server of the test's own."""
    with flaky_server() as script:
        yield script


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MB. Only root can mount one."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    folder = tmp_path / "tiny"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
