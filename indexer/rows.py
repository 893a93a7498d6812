"""One row of a catalogue file, as read: before anything is known about its meaning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.rejects import Reject

MAX_ROW_BYTES = 16_000_000
"""A longer row is set aside: it is a broken export, and holding it would cost the memory."""


@dataclass(slots=True)
class Row:
    """A row that could be read.

    Not frozen: millions are made, and a frozen dataclass takes three times as long to make.
    """

    number: int
    """Line in a text file, else position in the array or table; from 1. 0: not known, for a row
    from the middle of a file that was looked at for its fields only."""
    values: Mapping[str, Any]
    """Fields that the row does not fill may be missing or `None`."""


ReadRow = Row | Reject
RowIterator = Iterator[ReadRow]
