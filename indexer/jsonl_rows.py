"""Reads JSON Lines: one object a line."""

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from indexer.rejects import Reject, RejectReason, excerpt
from indexer.rows import MAX_ROW_BYTES, ReadRow, Row, RowIterator


def jsonl_rows(stream: BinaryIO) -> RowIterator:
    """Yield each line's object, or what is wrong with the line; empty lines yield nothing.

    Args:
        stream: decompressed, UTF-8, from its first byte.
    """
    for number, line in enumerate(_bounded_lines(stream), start=1):
        if len(line) > MAX_ROW_BYTES:
            yield Reject(
                line=number,
                reason=RejectReason.ROW_TOO_LONG,
                message=f"line {number} is longer than {MAX_ROW_BYTES / 1e6:.0f} MB",
                raw=excerpt(line),
            )
        elif not line.isspace():
            yield parse_json_line(number, line)


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long only its beginning, so that memory stays bounded."""
    while line := stream.readline(MAX_ROW_BYTES + 1):
        if len(line) > MAX_ROW_BYTES:
            while (more := stream.readline(1 << 20)) and not more.endswith(b"\n"):
                pass
        yield line


def parse_json_line(number: int, line: bytes) -> ReadRow:
    """Parse one line that is not empty."""
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _second_try(number, line, error)
    if isinstance(values, dict):
        return Row(number, values)
    return _not_an_object(number, line, values)


def _not_an_object(number: int, line: bytes, values: object) -> Reject:
    kind = {list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(
        type(values), "a number"
    )
    return Reject(
        line=number,
        reason=RejectReason.NOT_AN_OBJECT,
        message=f"line {number} is {kind}, not an object of fields",
        raw=excerpt(line),
    )


def _second_try(number: int, line: bytes, error: orjson.JSONDecodeError) -> ReadRow:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as encoding_error:
        return Reject(
            line=number,
            reason=RejectReason.INVALID_ENCODING,
            message=f"line {number} is not valid UTF-8 at byte {encoding_error.start}",
            raw=excerpt(line),
        )
    # NaN and Infinity are no JSON, but Python and Java write them: the standard parser reads them.
    if "NaN" in text or "Infinity" in text:
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            return Row(number, {key: _finite(value) for key, value in values.items()})
    return Reject(
        line=number,
        reason=RejectReason.BROKEN_JSON,
        message=f"line {number} is not valid JSON: {error}",
        raw=excerpt(line),
    )


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value


def spread_jsonl_rows(stream: BinaryIO, size_bytes: int, count: int) -> RowIterator:
    """Yield up to `count` rows from places evenly spread over a seekable, uncompressed UTF-8 file.

    The rows' numbers are not known (0). A row that starts at a place already passed is left out.
    """
    passed = 0
    for step in range(count):
        place = size_bytes * step // count
        if place < passed:
            continue
        stream.seek(place)
        if step:
            stream.readline(MAX_ROW_BYTES)
        line = stream.readline(MAX_ROW_BYTES)
        passed = stream.tell()
        if line and not line.isspace():
            yield parse_json_line(0, line)
