"""Reads a JSON array of objects as a stream, also one that lies inside an object."""

from io import BytesIO
from typing import BinaryIO

import ijson
import orjson

from indexer.rejects import Reject, RejectReason, excerpt
from indexer.rows import Row, RowIterator
from search_core import CatalogFormatError


def array_prefix(head: bytes) -> str | None:
    """Find the first array that holds objects, as an ijson prefix.

    Args:
        head: the beginning of the file, as UTF-8; may end anywhere.

    Returns:
        `item` for a top-level array, `products.item` for `{"products": [{…}]}`; `None` when no
        array of objects begins in `head`.
    """
    try:
        waiting: str | None = None
        for prefix, event, _ in ijson.parse(BytesIO(head)):
            if event == "start_array":
                waiting = f"{prefix}.item" if prefix else "item"
            elif waiting is not None and prefix == waiting:
                if event == "start_map":
                    return waiting
                waiting = None
    except ijson.JSONError:
        return None
    return None


def json_array_rows(stream: BinaryIO, prefix: str, name: str) -> RowIterator:
    """Yield the array's objects, numbered by their position from 1.

    Args:
        stream: decompressed, UTF-8, from its first byte.
        prefix: from `array_prefix`.
        name: how errors call the file.

    Raises:
        CatalogFormatError: the JSON breaks off or is invalid. What follows cannot be read, because
            nothing in an array says where the next row begins.
    """
    number = 0
    try:
        for number, values in enumerate(ijson.items(stream, prefix, use_float=True), start=1):
            if isinstance(values, dict):
                yield Row(number, values)
            else:
                yield Reject(
                    line=number,
                    reason=RejectReason.NOT_AN_OBJECT,
                    message=f"row {number} is {type(values).__name__}, not an object of fields",
                    raw=excerpt(orjson.dumps(values)),
                )
    except ijson.JSONError as error:
        detail = " ".join(str(error).split("\n")[0].split())
        raise CatalogFormatError(
            f"{name}: the JSON is broken after row {number} ({detail})",
            remedy="repair the file, or export it as JSON Lines, where one broken row is set aside "
            "and the others are read",
        ) from error
