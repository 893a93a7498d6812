from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import pytest

from indexer import CatalogSchema, FieldRole, RejectsFile, open_catalog
from indexer.product_stream import SAMPLE_SIZE, ProductChunk, ProductStream
from indexer.shared_rejects import SharedRejects
from search_core import SilentProgress, TooManyRejectsError
from search_core.settings import IndexerSettings

SCHEMA = CatalogSchema(fields={FieldRole.ID: ("id",), FieldRole.TITLE: ("title",)})

Stream = Callable[..., tuple[ProductStream, RejectsFile]]


@pytest.fixture
def stream_of(tmp_path: Path) -> Stream:
    def make(
        rows: list[Any], *, chunk: int = 2, skip_rows: int = 0, max_rejects: int | None = None
    ) -> tuple[ProductStream, RejectsFile]:
        path = tmp_path / "products.jsonl"
        path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
        file = RejectsFile(None, max_rejects)
        settings = IndexerSettings(chunk_products=chunk)
        return ProductStream(
            open_catalog(path), SCHEMA, settings, SharedRejects(file), skip_rows=skip_rows
        ), file

    return make


def chunks(stream: ProductStream) -> list[ProductChunk]:
    return list(stream.chunks(Event(), SilentProgress()))


def titled(*ids: str) -> list[dict[str, str]]:
    return [{"id": each, "title": f"Lamp {each}"} for each in ids]


def ids(chunk: ProductChunk) -> list[str]:
    return [product.id for product in chunk.products]


def test_products_come_in_chunks_with_their_lines(stream_of: Stream) -> None:
    stream, _ = stream_of(titled("a", "b", "c"))
    first, second = chunks(stream)
    assert (ids(first), first.lines, first.rows) == (["a", "b"], (1, 2), 2)
    assert (ids(second), second.lines, second.rows) == (["c"], (3,), 3)


def test_no_empty_chunk_follows_the_last_full_one(stream_of: Stream) -> None:
    stream, _ = stream_of(titled("a", "b"))
    assert [ids(chunk) for chunk in chunks(stream)] == [["a", "b"]]


def test_rejects_after_the_last_product_belong_to_a_last_chunk(stream_of: Stream) -> None:
    stream, rejects = stream_of([*titled("a", "b"), {"id": "c"}])
    last = chunks(stream)[-1]
    assert (ids(last), last.rows, last.total_products) == ([], 3, 2)
    assert rejects.total == 1


def test_skipped_rows_are_known_as_duplicates_but_not_given_again(stream_of: Stream) -> None:
    stream, rejects = stream_of(titled("a", "b", "c", "a", "d"), chunk=10, skip_rows=3)
    (chunk,) = chunks(stream)
    assert (ids(chunk), chunk.lines) == (["d"], (5,))
    assert (chunk.rows, chunk.total_products) == (5, 4)
    assert {reason.value: count for reason, count in rejects.counts.items()} == {"duplicate_id": 1}


def test_nothing_is_left_when_every_row_is_skipped(stream_of: Stream) -> None:
    stream, _ = stream_of(titled("a", "b"), skip_rows=2)
    assert [ids(chunk) for chunk in chunks(stream)] == [[]]
    assert stream.products == 2


def test_too_many_rejects_end_the_stream(stream_of: Stream) -> None:
    stream, _ = stream_of([{"id": "a"}, {"id": "b"}, *titled("c")], max_rejects=1)
    with pytest.raises(TooManyRejectsError):
        chunks(stream)


def test_a_stop_ends_the_stream(stream_of: Stream) -> None:
    stream, _ = stream_of(titled("a", "b", "c", "d"))
    stop = Event()
    taken = []
    for chunk in stream.chunks(stop, SilentProgress()):
        taken.append(ids(chunk))
        stop.set()
    assert taken == [["a", "b"]]


def test_the_sample_is_bounded_and_the_same_for_the_same_catalogue(stream_of: Stream) -> None:
    rows = titled(*(f"p{number}" for number in range(100)))
    samples = []
    for _ in range(2):
        stream, _ = stream_of(rows, chunk=10)
        chunks(stream)
        samples.append([product.id for product in stream.sample])
    assert len(samples[0]) == SAMPLE_SIZE
    assert samples[0] == samples[1]
    assert samples[0] != [f"p{number}" for number in range(SAMPLE_SIZE)]
