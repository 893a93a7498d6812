"""Reads a feed of changes while it is written: JSON Lines, or a table of text with a header."""

import io
from typing import Any

from indexer.csv_dialect import sniff_delimiter
from indexer.delimited_rows import DelimitedReader
from indexer.jsonl_rows import jsonl_rows
from indexer.rows import RowIterator

FEED = "the feed"


def change_rows(stream: "io.BufferedReader[Any]") -> RowIterator:
    """Yield rows as they come, without waiting for those after them.

    Args:
        stream: UTF-8. Its first byte tells the format: `{` begins JSON Lines. Otherwise the first
            line names the columns.

    Raises:
        CatalogFormatError: the first line of a table does not look like names of columns.
    """
    # One read of what has come: enough for the first line, since it is written at once.
    head = stream.peek(1).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return
    if head.startswith(b"{"):
        yield from jsonl_rows(stream)
        return
    header = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    reader = DelimitedReader(
        stream, encoding="utf-8-sig", delimiter=sniff_delimiter(header + "\n") or ",", name=FEED
    )
    yield from reader.rows()
