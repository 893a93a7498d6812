"""The rows of a catalogue as chunks of products, with what was set aside counted."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from random import Random
from threading import Event

from indexer.catalog_schema import CatalogSchema
from indexer.catalog_source import CatalogSource
from indexer.product_reader import ProductReader
from indexer.reading_notes import ReadingNotes
from indexer.rejects import Reject
from indexer.rows import ReadRow
from indexer.shared_rejects import SharedRejects
from search_core import Product, ProgressListener
from search_core.settings import IndexerSettings

READING = "reading"
SAMPLE_SIZE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChunk:
    """Consecutive products, and where in the catalogue they end."""

    products: tuple[Product, ...]
    lines: tuple[int, ...]
    """Of each product in the catalogue."""
    rows: int
    """Rows from the catalogue's start to the end of this chunk, those set aside included."""
    total_products: int
    """Products among them."""

    def line_of(self, product_id: str) -> int | None:
        """Return the line of one of the products; `None`: it is not among them."""
        ids = (product.id for product in self.products)
        return next(
            (line for each, line in zip(ids, self.lines, strict=True) if each == product_id), None
        )


class ProductStream:
    """Reads a catalogue once, in chunks.

    Rows before `skip_rows` were written by an earlier run: they are read, so that later duplicates
    of their ids are known, and set aside again, but do not appear in chunks.
    """

    def __init__(
        self,
        source: CatalogSource,
        schema: CatalogSchema,
        settings: IndexerSettings,
        rejects: SharedRejects,
        *,
        skip_rows: int = 0,
    ) -> None:
        self._source = source
        self._reader = ProductReader(schema, settings, row_unit=source.description.row_unit)
        self._chunk_products = settings.chunk_products
        self._rejects = rejects
        self._skip_rows = skip_rows
        # Seeded: the same catalogue gives the same sample.
        self._random = Random(0)  # noqa: S311 - a sample, not a secret
        self.rows = 0
        self.products = 0
        self.sample: list[Product] = []

    @property
    def notes(self) -> ReadingNotes:
        """What was left out of products, or made up for them."""
        return self._reader.notes

    def chunks(
        self, stop: Event, progress: ProgressListener
    ) -> Generator[ProductChunk, None, None]:
        """Yield all products, until `stop` is set.

        Raises:
            CatalogFormatError: the file is broken in a way that the rows after it cannot be read.
            TooManyRejectsError: more rows are set aside than allowed.
        """
        with (
            told_reading(self._source, self._reader, progress) as tell,
            closing(self._chunks(stop)) as chunks,
        ):
            for chunk in chunks:
                tell()
                yield chunk

    def _chunks(self, stop: Event) -> Generator[ProductChunk, None, None]:
        with closed_afterwards(self._source.rows()) as rows:
            yield from self._chunks_of(rows, stop)

    def _chunks_of(
        self, rows: Iterator[ReadRow], stop: Event
    ) -> Generator[ProductChunk, None, None]:
        products: list[Product] = []
        lines: list[int] = []
        rows_told = 0
        for row in rows:
            if stop.is_set():
                return
            self.rows += 1
            product = self._product(row)
            if product is None or isinstance(row, Reject) or self.rows <= self._skip_rows:
                continue
            products.append(product)
            lines.append(row.number)
            if len(products) == self._chunk_products:
                yield self._chunk(products, lines)
                products, lines, rows_told = [], [], self.rows
        if self.rows > rows_told:
            yield self._chunk(products, lines)

    def _product(self, row: ReadRow) -> Product | None:
        item = row if isinstance(row, Reject) else self._reader.read(row)
        if isinstance(item, Reject):
            self._rejects.write(item)
            return None
        self.products += 1
        self._consider_for_sample(item)
        return item

    def _chunk(self, products: list[Product], lines: list[int]) -> ProductChunk:
        return ProductChunk(
            products=tuple(products),
            lines=tuple(lines),
            rows=self.rows,
            total_products=self.products,
        )

    def _consider_for_sample(self, product: Product) -> None:
        """Keep a uniform sample. Source: Vitter 1985, algorithm R."""
        if len(self.sample) < SAMPLE_SIZE:
            self.sample.append(product)
            return
        place = self._random.randrange(self.products)
        if place < SAMPLE_SIZE:
            self.sample[place] = product


@contextmanager
def told_reading(
    source: CatalogSource, reader: ProductReader, progress: ProgressListener
) -> Iterator[Callable[[], None]]:
    """Tell how far a catalogue is read, each time that the block calls what this yields."""
    read_before = 0

    def tell() -> None:
        nonlocal read_before
        read = source.bytes_read
        progress.advance(READING, read - read_before)
        read_before = read

    progress.start(READING, source.bytes_total, "bytes")
    try:
        yield tell
    finally:
        # Learning from the generation comes next, and needs the memory.
        reader.forget_ids()
        progress.finish(READING)


@contextmanager
def closed_afterwards(rows: Iterator[ReadRow]) -> Iterator[Iterator[ReadRow]]:
    """Let go of an open file even if the rows are not read to their end."""
    try:
        yield rows
    finally:
        if isinstance(rows, Generator):
            rows.close()
