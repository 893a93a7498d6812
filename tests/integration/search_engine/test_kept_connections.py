"""Kept connections, against a server of the test's own that closes, stalls and counts."""

import asyncio
import socket
import ssl
from contextlib import ExitStack, asynccontextmanager, contextmanager

import pytest
import trustme

from search_core import (
    SearchEngineOverloadedError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)
from search_core.settings import SearchEngineSettings
from search_engine import connect_async, translated_errors
from search_engine.http_exchange import ConnectionLostError
from search_engine.kept_connections import KeptConnections, Origin
from search_engine.search_connection import SearchConnection

REQUEST = b"POST /_search HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"


def answer(body=b"{}", extra=b""):
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + extra
    return head + b"content-length: %d\r\n\r\n" % len(body) + body


class Server:
    """Answers by a function of how many connections and requests there were."""

    def __init__(self, respond):
        self.respond = respond
        self.connections = 0
        self.ended = asyncio.Queue()
        """Of each connection that has ended, which of them it was."""
        self.closes = False
        """After the next answer."""
        self.heads = []

    async def serve(self, reader, writer):
        self.connections += 1
        number = self.connections
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split()[0])
                await reader.readexactly(length)
                self.heads.append(head)
                sent = await self.respond(self)
                if sent is None:
                    return
                writer.write(sent)
                await writer.drain()
                if self.closes:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.ended.put_nowait(number)
            writer.close()


@asynccontextmanager
async def serving(respond, tls=None):
    server = Server(respond)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


@asynccontextmanager
async def connected(server, limit=4, clock=lambda: 0.0):
    origin = Origin(host="127.0.0.1", port=server.port, tls=None)
    connections = KeptConnections(origin, limit, clock)
    try:
        yield connections
    finally:
        await connections.close()


async def always(server):
    return answer()


async def test_one_connection_serves_one_request_after_the_other():
    async with serving(always) as server, connected(server) as connections:
        for _ in range(5):
            assert (await connections.ask(REQUEST)).body == b"{}"
    assert (server.connections, len(server.heads)) == (1, 5)


async def test_requests_at_once_have_a_connection_each_up_to_the_limit():
    most = 0

    async def slowly(server):
        nonlocal most
        most = max(most, server.connections)
        await asyncio.sleep(0.01)
        return answer()

    async with serving(slowly) as server, connected(server, limit=3) as connections:
        await asyncio.gather(*(connections.ask(REQUEST) for _ in range(12)))
    assert (most, len(server.heads)) == (3, 12)


async def test_a_kept_connection_that_was_closed_meanwhile_costs_no_error():
    async def every_second_closes(server):
        return None if len(server.heads) == 2 else answer()

    async with serving(every_second_closes) as server, connected(server) as connections:
        for _ in range(3):
            assert (await connections.ask(REQUEST)).status == 200
    # The second request was sent on the kept connection, and again on another.
    assert (server.connections, len(server.heads)) == (2, 4)


async def test_an_answer_that_breaks_off_is_told_and_not_asked_for_again():
    async def second_breaks_off(server):
        server.closes = len(server.heads) == 2
        return answer(b"{}")[:-1] if server.closes else answer()

    async with serving(second_breaks_off) as server, connected(server) as connections:
        await connections.ask(REQUEST)
        with pytest.raises(ConnectionLostError):
            await connections.ask(REQUEST)
        assert len(server.heads) == 2
        assert (await connections.ask(REQUEST)).status == 200


async def test_a_request_that_is_given_up_leaves_no_answer_to_the_next():
    async def first_is_late(server):
        if len(server.heads) == 1:
            await asyncio.sleep(0.1)
            return answer(b'"late"')
        return answer()

    async with serving(first_is_late) as server, connected(server) as connections:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await connections.ask(REQUEST)
        await asyncio.sleep(0.1)
        assert (await connections.ask(REQUEST)).body == b"{}"


async def test_a_new_connection_that_is_closed_unanswered_is_an_error():
    async def closes(server):
        return None

    async with serving(closes) as server, connected(server) as connections:
        with pytest.raises(ConnectionLostError):
            await connections.ask(REQUEST)
    assert len(server.heads) == 1


async def test_a_connection_that_was_idle_for_long_is_replaced():
    now = 0.0
    async with serving(always) as server, connected(server, clock=lambda: now) as connections:
        await connections.ask(REQUEST)
        now = 51.0
        await connections.ask(REQUEST)
    assert server.connections == 2


async def test_connections_that_are_not_needed_any_more_are_closed():
    now = 0.0

    async def slowly(server):
        await asyncio.sleep(0.01)
        return answer()

    async with serving(slowly) as server, connected(server, clock=lambda: now) as connections:
        await asyncio.gather(*(connections.ask(REQUEST) for _ in range(3)))
        now = 30.0
        await connections.ask(REQUEST)
        now = 60.0
        await connections.ask(REQUEST)
        async with asyncio.timeout(1):
            gone = {await server.ended.get(), await server.ended.get()}
        assert (len(gone), server.connections, server.ended.empty()) == (2, 3, True)


async def test_a_connection_in_use_when_the_pool_closes_is_not_kept_after_its_answer():
    async def slowly(server):
        await asyncio.sleep(0.05)
        return answer()

    async with serving(slowly) as server:
        async with connected(server) as connections:
            asking = asyncio.create_task(connections.ask(REQUEST))
            await asyncio.sleep(0.02)
        assert (await asking).status == 200
        async with asyncio.timeout(1):
            assert await server.ended.get() == 1


@contextmanager
def silent_address():
    """An address that takes no connection and refuses none: its queue is full."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()


async def test_an_address_that_does_not_answer_gives_way_to_the_next(monkeypatch):
    async def addresses(host, port, **_):
        found = (silent, ("127.0.0.1", port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in found]

    with silent_address() as silent:
        async with serving(always) as server, connected(server) as connections:
            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", addresses)
            async with asyncio.timeout(3):
                assert (await connections.ask(REQUEST)).status == 200


@pytest.mark.parametrize(
    ("named", "trusts", "refusal"),
    [
        ("127.0.0.1", True, None),
        ("127.0.0.1", False, "certificate verify failed"),
        ("search.example", True, "certificate verify failed: IP address mismatch"),
    ],
)
async def test_a_search_goes_only_to_whom_a_trusted_certificate_names(
    tmp_path, named, trusts, refusal
):
    async def found(server):
        return answer(b'{"responses": []}')

    authority = trustme.CA()
    (authority if trusts else trustme.CA()).cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(named).configure_cert(tls)
    options = {"scheme": "https", "ca_certs": tmp_path / "ca.pem"}
    async with serving(found, tls) as server:
        if refusal is None:
            assert await searched(server, **options) == {"responses": []}
        else:
            with pytest.raises(SearchEngineUnavailableError, match=refusal):
                await searched(server, **options)
    assert len(server.heads) == (refusal is None)


async def searched(server, scheme="http", **settings):
    """Send a search as the client does, and return its answer."""
    url = f"{scheme}://127.0.0.1:{server.port}/behind"
    client = connect_async(SearchEngineSettings(url=url, **settings))
    try:
        with translated_errors():
            return await client.msearch(
                body=b"{}\n{}\n", params={"request_timeout": 0.3}, headers={"x-opaque-id": "7"}
            )
    finally:
        await client.close()


async def test_a_search_carries_password_prefix_and_headers():
    async def found(server):
        return answer(b'{"responses": []}')

    async with serving(found) as server:
        assert await searched(server, user="shop", password="secret") == {"responses": []}
    (head,) = server.heads
    assert head.startswith(b"POST /behind/_msearch HTTP/1.1\r\n")
    # base64 of shop:secret
    assert b"authorization: Basic c2hvcDpzZWNyZXQ=\r\n" in head
    assert b"x-opaque-id: 7\r\n" in head
    assert b"accept-encoding: identity\r\n" in head


async def test_a_node_that_does_not_answer_in_time_is_told_as_late():
    async def never(server):
        await asyncio.sleep(5)

    async with serving(never) as server:
        with pytest.raises(SearchEngineTimeoutError, match=r"no answer within 0\.3 s"):
            await searched(server)


async def test_a_node_that_is_away_is_told_as_such():
    async with serving(always) as server:
        port = server.port
    server.port = port
    with pytest.raises(SearchEngineUnavailableError, match="cannot be reached"):
        await searched(server)


async def test_an_error_of_the_node_is_told_with_its_reason():
    async def busy(server):
        body = b'{"error": {"root_cause": [{"reason": "queue full"}]}, "status": 503}'
        return answer(body).replace(b"200 OK", b"503 Unavailable")

    async with serving(busy) as server:
        with pytest.raises(SearchEngineUnavailableError, match="queue full"):
            await searched(server)


async def test_a_gateways_error_in_another_encoding_is_told_as_its_status():
    async def away(server):
        return answer("Passerelle défaillante".encode("latin-1")).replace(b"200 OK", b"502 Bad")

    async with serving(away) as server:
        with pytest.raises(SearchEngineUnavailableError, match="502"):
            await searched(server)


async def test_a_full_queue_is_told_as_overload():
    async def full(server):
        body = b'{"error": {"root_cause": [{"reason": "queue full"}]}, "status": 429}'
        return answer(body).replace(b"200 OK", b"429 Too Many Requests")

    async with serving(full) as server:
        with pytest.raises(SearchEngineOverloadedError, match="queue full"):
            await searched(server)


@pytest.mark.parametrize(
    ("options", "host"),
    [
        ({"host": "search.example", "port": 80}, "search.example"),
        ({"host": "search.example", "port": 443}, "search.example:443"),
        ({"host": "search.example", "port": 443, "use_ssl": True}, "search.example"),
        ({"host": "::1", "port": 9200}, "[::1]:9200"),
    ],
)
async def test_the_usual_port_is_not_part_of_the_hosts_name(options, host):
    connection = SearchConnection(**options)
    assert b"\r\nhost: %s\r\n" % host.encode() in connection._request("/_search", b"", None)


async def test_a_line_break_in_a_header_is_refused():
    async with serving(always) as server:
        client = connect_async(SearchEngineSettings(url=f"http://127.0.0.1:{server.port}"))
        with pytest.raises(ValueError, match="line break"):
            await client.msearch(body=b"{}\n{}\n", headers={"x-opaque-id": "7\r\nx: y"})
        await client.close()
    assert server.heads == []
