import io
import os

from indexer.delta.change_rows import change_rows
from indexer.rows import Row


def rows(content: bytes) -> list[tuple[int, dict[str, object]]]:
    found = change_rows(io.BufferedReader(io.BytesIO(content)))
    return [(row.number, dict(row.values)) for row in found if isinstance(row, Row)]


def test_a_brace_begins_json_lines() -> None:
    assert rows(b'\n{"op": "delete", "id": 1}\n\n{"id": 2}\n') == [
        (2, {"op": "delete", "id": 1}),
        (4, {"id": 2}),
    ]


def test_anything_else_begins_a_table() -> None:
    assert rows(b"\xef\xbb\xbfop;id\ndelete;a,b\n") == [(2, {"op": "delete", "id": "a,b"})]
    assert rows(b'op\tid\npatch\t"x\ny"\ndelete\tz\n') == [
        (2, {"op": "patch", "id": "x\ny"}),
        (4, {"op": "delete", "id": "z"}),
    ]


def test_an_empty_feed_has_no_rows() -> None:
    assert rows(b"") == []


def test_a_row_is_given_before_the_next_one_is_sent() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream, os.fdopen(writing, "wb", buffering=0) as sender:
        sender.write(b"op,id\n")
        found = change_rows(stream)
        for number in (1, 2):
            sender.write(b"delete,p%d\n" % number)
            row = next(found)
            assert isinstance(row, Row)
            assert row.values["id"] == f"p{number}"
