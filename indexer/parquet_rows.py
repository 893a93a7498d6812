"""Reads Parquet in batches; costs grow with the cells that are filled, not with the columns."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from indexer.rows import Row
from search_core import CatalogFormatError

_BATCH_ROWS = 1_000


def open_parquet(stream: BinaryIO, name: str) -> "pq.ParquetFile":
    """Open a Parquet file.

    Raises:
        CatalogFormatError: it is damaged or cut short.
    """
    try:
        return pq.ParquetFile(stream, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise CatalogFormatError(
            f"{name}: not a readable Parquet file ({error})", remedy="export the file again"
        ) from error


def parquet_rows(file: "pq.ParquetFile", name: str) -> Iterator[Row]:
    """Yield the rows, numbered by position from 1; empty cells are left out.

    Raises:
        CatalogFormatError: a page of the file is damaged.
    """
    start = 1
    try:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            yield from _batch_rows(batch, start)
            start += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise CatalogFormatError(
            f"{name}: the Parquet data are damaged after row {start - 1} ({error})",
            remedy="export the file again",
        ) from error


def spread_parquet_rows(file: "pq.ParquetFile", count: int) -> Iterator[Row]:
    """Yield up to `count` rows from row groups spread over the file, without their numbers (0)."""
    groups = min(file.num_row_groups, 8)
    for step in range(groups):
        group = file.num_row_groups * step // groups
        wanted = count // groups
        for batch in file.iter_batches(batch_size=max(1, wanted), row_groups=[group]):
            for row in _batch_rows(batch, 0):
                yield Row(0, row.values)
            break


def _batch_rows(batch: "pa.RecordBatch", start: int) -> Iterator[Row]:
    rows: list[dict[str, Any]] = [{} for _ in range(batch.num_rows)]
    for field, column in zip(batch.schema.names, batch.columns, strict=True):
        if column.null_count == len(column):
            continue
        if column.null_count:
            places = pc.indices_nonzero(pc.is_valid(column)).to_pylist()
            values = column.drop_null().to_pylist()
        else:
            places = range(batch.num_rows)
            values = column.to_pylist()
        for place, value in zip(places, values, strict=True):
            rows[place][field] = _plain(value)
    for offset, values in enumerate(rows):
        yield Row(start + offset, values)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any Arrow value
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
