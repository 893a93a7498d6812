"""What is known of a catalogue before its rows are read, and a sample of them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from indexer.catalog_format import CatalogFormat
from indexer.compression import Compression
from indexer.rejects import Reject
from indexer.rows import Row

_BLOCK_BYTES = 1 << 16
_BLOCKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogDescription:
    """A catalogue from outside."""

    name: str
    size_bytes: int | None
    """As it lies on disk; `None` for standard input."""
    format: CatalogFormat
    compression: Compression
    encoding: str
    delimiter: str | None
    """Of a delimited file."""
    fingerprint: str | None
    """See `fingerprint`. `None` for standard input, which cannot be read again."""

    @property
    def row_unit(self) -> str:
        """What a row's number counts: `line` or `row`."""
        lines = (CatalogFormat.JSON_LINES, CatalogFormat.DELIMITED)
        return "line" if self.format in lines else "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogSample:
    """Some rows of a catalogue, to learn its fields from."""

    rows: tuple[Row, ...]
    broken: tuple[Reject, ...]
    columns: tuple[str, ...] | None
    """All columns, where the format names them (CSV, Parquet); else `None`: JSON rows may hold
    fields that the sample does not show."""
    complete: bool
    """Whether the sample is the whole catalogue."""


def fingerprint(path: Path) -> str:
    """Hash a file's size and blocks spread over it.

    The same file has the same fingerprint; an edited one nearly always another, at the cost of
    reading half a megabyte instead of all.
    """
    size = path.stat().st_size
    digest = hashlib.blake2b(str(size).encode(), digest_size=16)
    with path.open("rb") as stream:
        for step in range(_BLOCKS):
            stream.seek(max(0, size - _BLOCK_BYTES) * step // (_BLOCKS - 1))
            digest.update(stream.read(_BLOCK_BYTES))
    return digest.hexdigest()
