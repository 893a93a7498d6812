"""A server that misbehaves on purpose: silent, garbled, or breaking off."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def broken_server(answer: bytes | None) -> Iterator[str]:
    """Accept connections and send the same bytes to each request; `None`: never answer."""
    listening = socket.create_server(("127.0.0.1", 0))
    open_connections: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            open_connections.append(connection)
            if answer is not None:
                threading.Thread(target=_answer, args=(connection, answer)).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        for each in open_connections:
            each.close()


def _answer(connection: socket.socket, answer: bytes) -> None:
    with connection:
        connection.recv(65_536)
        connection.sendall(answer)
