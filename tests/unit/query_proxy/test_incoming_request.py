import asyncio
import gzip

import pytest

from query_proxy.incoming_request import ClientGoneError, IncomingRequest
from search_core import MalformedRequestError, RequestTooLargeError


def request(*parts, headers=(), query=b""):
    messages = [
        {"type": "http.request", "body": part, "more_body": place < len(parts) - 1}
        for place, part in enumerate(parts)
    ]
    messages.append({"type": "http.disconnect"})

    async def receive():
        return messages.pop(0)

    scope = {
        "method": "POST",
        "raw_path": b"/a%20b/_search",
        "query_string": query,
        "headers": list(headers),
    }
    return IncomingRequest(scope, receive)


@pytest.mark.parametrize(
    ("accepted", "read"),
    [
        (None, False),
        (b"", False),
        (b"br", False),
        (b"gzip", True),
        (b"deflate, gzip;q=0.5", True),
        (b"gzip;q=1.0, identity; q=0.5", True),
        (b"gzip;q=0, br", False),
        (b"br, gzip; q=0.000", False),
    ],
)
def test_it_is_known_whether_the_client_reads_gzip(accepted, read):
    headers = [] if accepted is None else [(b"accept-encoding", accepted)]
    assert request(headers=headers).reads_gzip is read


async def test_a_body_in_parts_is_one_body():
    assert await request(b"ab", b"", b"cd").body(10) == b"abcd"


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read():
    declared = request(b"x", headers=[(b"content-length", b"11")])
    with pytest.raises(RequestTooLargeError, match="larger than 10 bytes"):
        await declared.body(10)
    with pytest.raises(RequestTooLargeError):
        await request(b"123456", b"123456").body(10)


async def test_a_body_that_does_not_arrive_is_not_waited_for():
    async def never():
        await asyncio.Event().wait()

    scope = {"method": "POST", "raw_path": b"/", "query_string": b"", "headers": []}
    with pytest.raises(MalformedRequestError, match=r"did not arrive within 0.01 s"):
        await IncomingRequest(scope, never, body_seconds=0.01).body(10)


async def test_a_client_that_leaves_early_is_noticed():
    leaving = request()
    with pytest.raises(ClientGoneError):
        await leaving.body(10)


def test_gzip_is_read_up_to_the_limit():
    packed = gzip.compress(b"x" * 1_000)
    zipped = request(headers=[(b"content-encoding", b"gzip")])
    assert zipped.readable(packed, 1_000) == b"x" * 1_000
    with pytest.raises(RequestTooLargeError):
        zipped.readable(packed, 999)
    with pytest.raises(MalformedRequestError, match="ends early"):
        zipped.readable(packed[:-9], 1_000)
    with pytest.raises(MalformedRequestError, match="no gzip"):
        zipped.readable(b"plain", 1_000)


def test_other_compressions_are_refused():
    with pytest.raises(MalformedRequestError, match="'br'"):
        request(headers=[(b"content-encoding", b"br")]).readable(b"x", 10)


def test_the_target_stays_as_sent():
    asked = request(query=b"q=%C3%BC&pretty")
    assert asked.raw_target == "/a%20b/_search?q=%C3%BC&pretty"
    assert asked.parameters == {"q": "ü", "pretty": ""}


def test_a_parameter_is_dropped_and_the_others_stay_as_they_were_sent():
    asked = request(b"", query=b"size=%31&source=%7B%7D&sour%63e=x&q=a+b&empty&source_type=y")
    asked.drop_parameters({"source"})
    assert asked.raw_query == "size=%31&q=a+b&empty&source_type=y"
