import asyncio

import pytest

from search_engine.http_exchange import ConnectionLostError, HttpExchange

REQUEST = b"POST /_search HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Wire(asyncio.Transport):
    """The other end: keeps what is written, and is closed or not."""

    def __init__(self):
        super().__init__()
        self.written = []
        self.is_aborted = False

    def write(self, data):
        self.written.append(data)

    def is_closing(self):
        return self.is_aborted

    def abort(self):
        self.is_aborted = True


@pytest.fixture
async def exchange():
    return HttpExchange()


@pytest.fixture
async def wire(exchange):
    transport = Wire()
    exchange.connection_made(transport)
    return transport


async def asked(exchange):
    """Send a request, and return the task that waits for its answer."""
    task = asyncio.create_task(exchange.ask(REQUEST))
    await asyncio.sleep(0)
    return task


async def test_an_answer_in_pieces_is_read_whole(exchange, wire):
    task = await asked(exchange)
    for place in range(len(OK)):
        exchange.data_received(OK[place : place + 1])
    answer = await task
    assert (answer.status, answer.body) == (200, b"{}")
    assert answer.headers["content-type"] == "application/json"
    assert wire.written == [REQUEST]
    assert exchange.is_usable


async def test_parts_of_a_chunked_answer_are_joined(exchange, wire):
    task = await asked(exchange)
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    exchange.data_received(head + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
    assert (await task).body == b"{}"
    assert exchange.is_usable


async def test_what_comes_before_the_answer_is_no_answer(exchange, wire):
    task = await asked(exchange)
    exchange.data_received(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK)
    answer = await task
    assert (answer.status, "link" in answer.headers) == (200, False)


async def test_a_connection_that_is_to_be_closed_is_not_used_again(exchange, wire):
    task = await asked(exchange)
    exchange.data_received(OK.replace(b"content-type: application/json", b"connection: close"))
    assert (await task).body == b"{}"
    assert not exchange.is_usable


async def test_an_answer_without_a_length_ends_with_its_connection(exchange, wire):
    task = await asked(exchange)
    exchange.data_received(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}")
    exchange.connection_lost(None)
    assert (await task).body == b"{}"
    assert not exchange.is_usable


@pytest.mark.parametrize(
    "came",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-len",
        b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\nserver: x\r\nc",
    ],
)
async def test_an_answer_that_breaks_off_is_an_error_that_says_whether_any_had_come(
    exchange, wire, came
):
    task = await asked(exchange)
    if came:
        exchange.data_received(came)
    exchange.connection_lost(None)
    with pytest.raises(ConnectionLostError, match="before the answer was whole") as caught:
        await task
    assert caught.value.unanswered is not bool(came)


async def test_an_answer_without_any_header_is_whole_with_its_connection(exchange, wire):
    task = await asked(exchange)
    exchange.data_received(b"HTTP/1.1 200 OK\r\n\r\n{}")
    exchange.connection_lost(None)
    assert (await task).body == b"{}"


async def test_a_change_of_protocol_is_an_error_and_ends_the_connection(exchange, wire):
    task = await asked(exchange)
    exchange.data_received(b"HTTP/1.1 101 Other\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n")
    with pytest.raises(ConnectionLostError, match="no HTTP"):
        await task
    assert wire.is_aborted


async def test_garbage_is_an_error_and_ends_the_connection(exchange, wire):
    task = await asked(exchange)
    exchange.data_received(b"SSH-2.0-OpenSSH\r\n")
    with pytest.raises(ConnectionLostError, match="no HTTP"):
        await task
    assert wire.is_aborted


async def test_a_request_that_is_given_up_ends_the_connection(exchange, wire):
    # The rest of its answer would be taken for that of the next request.
    task = await asked(exchange)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert wire.is_aborted
    assert not exchange.is_usable


async def test_what_was_not_asked_for_ends_the_connection(exchange, wire):
    exchange.data_received(OK)
    assert wire.is_aborted


async def test_two_answers_to_one_request_make_the_connection_unusable(exchange, wire):
    task = await asked(exchange)
    exchange.data_received(OK + OK)
    assert (await task).headers["content-type"] == "application/json"
    assert not exchange.is_usable


async def test_a_closed_connection_is_told_as_unanswered(exchange, wire):
    wire.abort()
    with pytest.raises(ConnectionLostError) as caught:
        await exchange.ask(REQUEST)
    assert caught.value.unanswered
