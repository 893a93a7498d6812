"""A catalogue file, or standard input, as a stream of rows."""

import io
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from indexer.catalog_description import CatalogDescription, CatalogSample, fingerprint
from indexer.catalog_format import CatalogFormat, detect_format
from indexer.compression import (
    Compression,
    CountingStream,
    decompressed,
    detect_compression,
    unpack_head,
)
from indexer.delimited_rows import DelimitedReader
from indexer.json_array_rows import json_array_rows
from indexer.jsonl_rows import jsonl_rows, spread_jsonl_rows
from indexer.parquet_rows import open_parquet, parquet_rows, spread_parquet_rows
from indexer.rejects import Reject
from indexer.rows import ReadRow, Row, RowIterator
from indexer.text_encoding import as_utf8
from search_core import CatalogError

STANDARD_INPUT = "-"

_HEAD_BYTES = 1 << 20
"""Enough for a few hundred rows, from which format, encoding and delimiter are told."""
_THINNING = 10
"""Where a file can only be read from its start, the second half of a sample is thinned out over so
many times the sample's size."""


def open_catalog(
    location: Path | str, *, standard_input: BinaryIO | None = None
) -> "CatalogSource":
    """Open a catalogue and find out its format.

    Args:
        location: a path, or `-` for standard input.
        standard_input: what `-` reads; `None` takes the process's.

    Raises:
        CatalogError: there is no such file, or it may not be read.
        CatalogFormatError: it is empty or in a format that is not read.
    """
    if str(location) == STANDARD_INPUT:
        stream = standard_input or cast("BinaryIO", sys.stdin.buffer)
        return CatalogSource(path=None, stream=stream, head=stream.read(_HEAD_BYTES))
    path = Path(location)
    try:
        if path.is_fifo():  # e.g. a shell's `<(zcat …)`: can be read once, like standard input
            stream = path.open("rb")
            return CatalogSource(path=None, stream=stream, head=stream.read(_HEAD_BYTES))
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise CatalogError(
            f"the catalogue {path} cannot be read: {error.strerror}",
            remedy="check the path; `-` reads standard input",
        ) from error
    return CatalogSource(path=path, stream=None, head=head)


class CatalogSource:
    """An open catalogue: made by `open_catalog`.

    A file can be read several times. Standard input can be read once: rows taken by `sample` are
    kept and given again by `rows`.
    """

    def __init__(self, *, path: Path | None, stream: BinaryIO | None, head: bytes) -> None:
        name = path.name if path else "standard input"
        compression = detect_compression(head)
        content = unpack_head(head, compression, _HEAD_BYTES, name)
        self._detected = detect_format(content, name)
        self._path = path
        self._spooled: BinaryIO | None = None
        self._once = CountingStream(stream, head) if stream is not None else None
        self._counter = CountingStream(io.BytesIO())
        self._parquet_bytes_read: int | None = None
        self._taken: list[ReadRow] = []
        self._rest: RowIterator | None = None
        self._columns: tuple[str, ...] | None = None
        self.description = CatalogDescription(
            name=name,
            size_bytes=path.stat().st_size if path else None,
            format=self._detected.format,
            compression=compression,
            encoding=self._detected.encoding,
            delimiter=self._detected.delimiter,
            fingerprint=fingerprint(path) if path else None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Delete the temporary copy that packed or piped Parquet needs."""
        if self._spooled is not None:
            self._spooled.close()
            self._spooled = None

    @property
    def bytes_total(self) -> int | None:
        """Size of the file as it lies on disk; `None` when not known."""
        return self.description.size_bytes

    @property
    def bytes_read(self) -> int:
        """How much of `bytes_total` the latest `rows` has read; for Parquet estimated by rows."""
        if self._parquet_bytes_read is not None:
            return self._parquet_bytes_read
        return self._counter.bytes_read

    def rows(self) -> RowIterator:
        """Yield every row from the first, as it is read; memory does not grow with the file.

        Raises:
            CatalogError: standard input is asked for its rows a second time.
            CatalogFormatError: the file is broken in a way that rows after it cannot be read.
        """
        if self._path is not None:
            return self._file_rows(self._path)
        if self._rest is None:
            self._rest = self._rows_once()
        taken, self._taken = self._taken, []
        rest, self._rest = self._rest, _already_read()
        return chain(taken, rest)

    def sample(self, count: int = 1_000) -> CatalogSample:
        """Return up to `count` rows: the first ones, and others spread over the file.

        Of a plain JSON Lines or Parquet file the others come from all over it. Of another file they
        come from its first 10 x `count` rows, and of standard input all rows are the first ones.
        """
        if self._path is None:
            if self._rest is None:
                self._rest = self._rows_once()
            self._taken += islice(self._rest, max(0, count + 1 - len(self._taken)))
            return self._as_sample(self._taken[:count], complete=len(self._taken) <= count)
        rows = self._file_rows(self._path)
        first = list(islice(rows, count // 2 + 1))
        if len(first) <= count // 2:
            return self._as_sample(first, complete=True)
        return self._spread_sample(self._path, first, rows, count)

    def _spread_sample(
        self, path: Path, first: list[ReadRow], rows: RowIterator, count: int
    ) -> CatalogSample:
        following = list(islice(rows, count - len(first)))
        if len(first) + len(following) < count:
            return self._as_sample(first + following, complete=True)
        spread: Iterable[ReadRow]
        half = count - len(first)
        if self.description.format is CatalogFormat.PARQUET:
            with path.open("rb") as raw:
                file = open_parquet(self._seekable(raw), path.name)
                spread = list(spread_parquet_rows(file, half))
        elif self._can_seek_lines():
            with path.open("rb") as raw:
                spread = list(spread_jsonl_rows(raw, path.stat().st_size, half))
        else:
            later = islice(rows, _THINNING - 1, count * _THINNING, _THINNING * 2)
            spread = [*following[::2], *later]
        return self._as_sample([*first, *islice(spread, half)], complete=False)

    def _can_seek_lines(self) -> bool:
        return (
            self.description.format is CatalogFormat.JSON_LINES
            and self.description.compression is Compression.NONE
            and self.description.encoding == "utf-8"
        )

    def _as_sample(self, rows: Iterable[ReadRow], *, complete: bool) -> CatalogSample:
        read = list(rows)
        return CatalogSample(
            rows=tuple(row for row in read if isinstance(row, Row)),
            broken=tuple(row for row in read if isinstance(row, Reject)),
            columns=self._columns,
            complete=complete,
        )

    def _file_rows(self, path: Path) -> RowIterator:
        with path.open("rb") as raw:
            if self.description.format is CatalogFormat.PARQUET:
                yield from self._parquet_rows(self._seekable(raw))
            else:
                self._counter = CountingStream(raw)
                yield from self._text_rows(self._counter)

    def _rows_once(self) -> RowIterator:
        stream = cast("CountingStream", self._once)
        self._counter = stream
        if self.description.format is CatalogFormat.PARQUET:
            yield from self._parquet_rows(self._spool(stream))
        else:
            yield from self._text_rows(stream)

    def _text_rows(self, stream: CountingStream) -> RowIterator:
        name, detected = self.description.name, self._detected
        content = decompressed(stream, self.description.compression, name)
        if detected.format is CatalogFormat.DELIMITED:
            reader = DelimitedReader(
                content,
                encoding=detected.encoding,
                delimiter=detected.delimiter or ",",
                name=name,
            )
            self._columns = reader.columns
            return reader.rows()
        content = as_utf8(content, detected.encoding)
        if detected.format is CatalogFormat.JSON_ARRAY:
            return json_array_rows(content, detected.array_prefix or "item", name)
        return jsonl_rows(content)

    def _parquet_rows(self, stream: BinaryIO) -> Iterator[Row]:
        file = open_parquet(stream, self.description.name)
        self._columns = tuple(file.schema_arrow.names)
        total_rows, size = max(1, file.metadata.num_rows), self.description.size_bytes or 0
        for row in parquet_rows(file, self.description.name):
            self._parquet_bytes_read = size * row.number // total_rows
            yield row

    def _seekable(self, raw: BinaryIO) -> BinaryIO:
        if self.description.compression is Compression.NONE:
            return raw
        return self._spool(CountingStream(raw))

    def _spool(self, stream: CountingStream) -> BinaryIO:
        """Unpack into a temporary file: Parquet is read from its end."""
        if self._spooled is None:
            # Closed by `close`: it serves several passes.
            self._spooled = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
            unpacked = decompressed(stream, self.description.compression, self.description.name)
            shutil.copyfileobj(unpacked, self._spooled)
        self._spooled.seek(0)
        return self._spooled


def _already_read() -> RowIterator:
    raise CatalogError(
        "standard input has been read already", remedy="save it as a file to read it again"
    )
    yield  # makes this a generator: the error comes when rows are asked for
