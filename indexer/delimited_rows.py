"""Reads tables of text: CSV, TSV and their kin, quoted line breaks included.

A quote that is never closed would swallow the rest of the file. Here it costs its own row: the
lines that were swallowed are read again.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from indexer.csv_dialect import column_names
from indexer.rejects import Reject, RejectReason, excerpt
from indexer.rows import MAX_ROW_BYTES, ReadRow, Row, RowIterator

_MAX_RECORD_LINES = 1_000
"""A quoted text with more line breaks than this is taken for a quote that was never closed."""


class _Lines:
    """The file's lines, with their numbers, that can be given back to be read again."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        # newline="": line breaks inside of quotes stay as they are, and \r alone ends lines too.
        self._text = io.TextIOWrapper(
            stream, encoding=encoding, errors="surrogateescape", newline=""
        )
        self._given_back: deque[str] = deque()
        self._pulled: list[str] = []
        self.number = 0

    def begin_record(self) -> None:
        self._pulled.clear()

    @property
    def record(self) -> list[str]:
        return self._pulled

    def give_back_all_but_first(self) -> None:
        extra = self._pulled[1:]
        self._given_back.extendleft(reversed(extra))
        self.number -= len(extra)
        del self._pulled[1:]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._pulled) >= _MAX_RECORD_LINES:
            raise StopIteration
        line = self._given_back.popleft() if self._given_back else self._next_line()
        self.number += 1
        self._pulled.append(line)
        return line

    def _next_line(self) -> str:
        line = self._text.readline(MAX_ROW_BYTES)
        if not line:
            raise StopIteration
        if len(line) == MAX_ROW_BYTES:
            while (more := self._text.readline(1 << 20)) and not more.endswith(("\n", "\r")):
                pass
        return line


class DelimitedReader:
    """Reads one table of text.

    Args:
        stream: decompressed, from its first byte; closed by nobody here.
        encoding: from `detect_encoding`.
        delimiter: from `sniff_delimiter`.
        name: how errors call the file.

    Raises:
        CatalogFormatError: the first record is no row of column names.
    """

    def __init__(self, stream: BinaryIO, *, encoding: str, delimiter: str, name: str) -> None:
        # The limit is the csv module's own and one for the process; its default of 128 kB is less
        # than a long description with embedded pictures.
        csv.field_size_limit(MAX_ROW_BYTES)
        self._delimiter = delimiter
        self._lines = _Lines(stream, encoding)
        self._records = self._new_records()
        header = self._header()
        self.columns = column_names(header, name) if header else ()

    def rows(self) -> RowIterator:
        """Yield the rows, numbered by the line they begin on; empty cells are left out."""
        while True:
            self._lines.begin_record()
            start = self._lines.number + 1
            try:
                cells = next(self._records)
            except StopIteration:
                if not self._lines.record:
                    return
                yield self._broken_record(start, "a quote is never closed")
            except csv.Error as error:
                yield self._second_try(start, str(error))
            else:
                if cells:
                    yield self._row(start, cells)

    def _new_records(self) -> "Iterator[list[str]]":
        # strict: a stray quote is an error here and not a silent change of the text.
        return csv.reader(self._lines, delimiter=self._delimiter, strict=True)

    def _header(self) -> list[str]:
        while True:
            self._lines.begin_record()
            try:
                header = next(self._records)
            except (StopIteration, csv.Error):
                return []
            if any(cell.strip() for cell in header):
                return header

    def _row(self, start: int, cells: Sequence[str]) -> ReadRow:
        if len(cells) != len(self.columns):
            cells = self._without_empty_end(cells)
            if len(cells) != len(self.columns):
                return self._broken_record(
                    start, f"has {len(cells)} cells, the header has {len(self.columns)}"
                )
        values = {name: cell for name, cell in zip(self.columns, cells, strict=True) if cell}
        try:
            for line in self._lines.record:
                line.encode("utf-8")
        except UnicodeEncodeError:
            return Reject(
                line=start,
                reason=RejectReason.INVALID_ENCODING,
                message=f"line {start} holds bytes that are not in the file's encoding",
                raw=excerpt(self._lines.record[0].encode("utf-8", "surrogateescape")),
            )
        return Row(start, values)

    def _without_empty_end(self, cells: Sequence[str]) -> Sequence[str]:
        end = len(cells)
        while end > len(self.columns) and not cells[end - 1].strip():
            end -= 1
        return cells[:end]

    def _second_try(self, start: int, problem: str) -> ReadRow:
        """Read a record with a stray quote leniently, if it is one line with all its cells."""
        cells: list[str] = []
        if len(self._lines.record) == 1:
            try:
                cells = next(csv.reader(self._lines.record, delimiter=self._delimiter), [])
            except csv.Error:
                cells = []
        if len(cells) == len(self.columns):
            self._records = self._new_records()
            return self._row(start, cells)
        return self._broken_record(start, problem)

    def _broken_record(self, start: int, problem: str) -> Reject:
        self._lines.give_back_all_but_first()
        self._records = self._new_records()
        first = self._lines.record[0]
        return Reject(
            line=start,
            reason=RejectReason.BROKEN_CSV,
            message=f"line {start}: {problem}",
            raw=excerpt(first.encode("utf-8", "surrogateescape")),
        )
