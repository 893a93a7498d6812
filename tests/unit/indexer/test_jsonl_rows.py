import io
import json

import orjson
from hypothesis import given
from hypothesis import strategies as st

from indexer.jsonl_rows import jsonl_rows, spread_jsonl_rows
from indexer.rejects import Reject, RejectReason
from indexer.rows import Row


def read(content: bytes) -> list[Row | Reject]:
    return list(jsonl_rows(io.BytesIO(content)))


def test_each_line_is_a_row_with_its_line_number_and_blank_lines_count() -> None:
    rows = read(b'{"id": 1}\n\n{"id": 2}')
    assert rows == [Row(1, {"id": 1}), Row(3, {"id": 2})]


def test_a_broken_line_is_rejected_and_the_next_one_is_read() -> None:
    broken, good = read(b'{"id": 1\n{"id": 2}\n')
    assert isinstance(broken, Reject)
    assert (broken.line, broken.reason, broken.raw) == (1, RejectReason.BROKEN_JSON, '{"id": 1')
    assert good == Row(2, {"id": 2})


def test_a_line_that_is_no_object_says_what_it_is() -> None:
    (row,) = read(b"[1, 2]\n")
    assert isinstance(row, Reject)
    assert row.reason is RejectReason.NOT_AN_OBJECT
    assert row.message == "line 1 is a list, not an object of fields"


def test_invalid_utf8_is_told_from_broken_json() -> None:
    (row,) = read(b'{"id": "\xff"}\n')
    assert isinstance(row, Reject)
    assert row.reason is RejectReason.INVALID_ENCODING


def test_nan_as_python_writes_it_is_an_empty_value() -> None:
    assert read(b'{"price": NaN, "sizes": [1, Infinity]}') == [
        Row(1, {"price": None, "sizes": [1, None]})
    ]


def test_a_line_separator_inside_of_a_text_does_not_end_the_row() -> None:
    assert read('{"t": "a\u2028b"}\n'.encode()) == [Row(1, {"t": "a\u2028b"})]


def test_spread_rows_come_from_the_whole_file_without_repeating() -> None:
    content = b"".join(orjson.dumps({"id": n}) + b"\n" for n in range(1000))
    rows = list(spread_jsonl_rows(io.BytesIO(content), len(content), 10))
    ids = [row.values["id"] for row in rows if isinstance(row, Row)]
    assert len(ids) == len(set(ids)) == 10
    assert max(ids) > 800


values = st.dictionaries(
    st.text(min_size=1, max_size=5),
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=10),
    max_size=4,
)
broken_lines = st.sampled_from([b"{", b"[1]", b'{"a": \xff"}', b"nonsense", b"12", b'{"a" 1}'])


@given(st.lists(values | broken_lines, max_size=30))
def test_no_good_row_is_lost_and_each_broken_one_is_named(lines: list[dict[str, object] | bytes]):
    content = b"\n".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines
    )
    rows = read(content)
    good = {row.number: row.values for row in rows if isinstance(row, Row)}
    bad = [row.line for row in rows if isinstance(row, Reject)]
    assert good == {n: line for n, line in enumerate(lines, 1) if isinstance(line, dict)}
    assert bad == [n for n, line in enumerate(lines, 1) if isinstance(line, bytes)]
