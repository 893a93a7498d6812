"""The rows of a catalogue that differ from what a generation holds."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from threading import Event

from indexer.catalog_schema import CatalogSchema
from indexer.catalog_source import CatalogSource
from indexer.delta.known_products import KnownProducts
from indexer.product_identity import source_hash
from indexer.product_reader import ProductReader
from indexer.product_stream import ProductChunk, closed_afterwards, told_reading
from indexer.reading_notes import ReadingNotes
from indexer.rejects import Reject
from indexer.rows import ReadRow, Row
from indexer.shared_rejects import SharedRejects
from search_core import Product, ProgressListener
from search_core.settings import IndexerSettings
from search_engine import content_hash

_ROWS_BETWEEN_REPORTS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedChunk(ProductChunk):
    """Products to be written anew, and others of which only live fields have changed."""

    live: tuple[Product, ...] = ()
    live_lines: tuple[int, ...] = ()

    def line_of(self, product_id: str) -> int | None:
        """Return the line of a product of either kind."""
        pairs = zip((*self.products, *self.live), (*self.lines, *self.live_lines), strict=True)
        return next((line for product, line in pairs if product.id == product_id), None)


@dataclass(slots=True, kw_only=True)
class ChangeCounts:
    """What was found in a catalogue; grows while it is read."""

    rows: int = 0
    unchanged: int = 0
    changed: int = 0
    """In what is searched, shown or encoded."""
    live: int = 0
    """In price, currency, availability, rating or popularity only."""
    added: int = 0

    @property
    def products(self) -> int:
        """Rows that are products."""
        return self.unchanged + self.changed + self.live + self.added


@dataclass(slots=True)
class _Gathered:
    whole: list[tuple[Product, int]] = field(default_factory=list)
    live: list[tuple[Product, int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.whole) + len(self.live)


class ChangedProducts:
    """Reads a catalogue once, and gives what differs, in chunks.

    A row that is byte for byte what it was is known by its hash and not even made a product.
    """

    def __init__(
        self,
        source: CatalogSource,
        schema: CatalogSchema,
        settings: IndexerSettings,
        rejects: SharedRejects,
        known: KnownProducts,
    ) -> None:
        self._source = source
        self._reader = ProductReader(schema, settings, row_unit=source.description.row_unit)
        self._chunk_products = settings.chunk_products
        self._rejects = rejects
        self._known = known
        self.counts = ChangeCounts()

    @property
    def notes(self) -> ReadingNotes:
        """What was left out of changed products."""
        return self._reader.notes

    def chunks(
        self, stop: Event, progress: ProgressListener
    ) -> Generator[ProductChunk, None, None]:
        """Yield what differs, until `stop` is set.

        Raises:
            CatalogFormatError: the file is broken in a way that the rows after it cannot be read.
            TooManyRejectsError: more rows are set aside than allowed.
        """
        gathered = _Gathered()
        with told_reading(self._source, self._reader, progress) as tell:
            with closed_afterwards(self._source.rows()) as rows:
                for _ in self._compared(rows, gathered, stop):
                    tell()
                    if len(gathered) >= self._chunk_products:
                        yield self._chunk(gathered)
                        gathered.whole.clear()
                        gathered.live.clear()
            if len(gathered) and not stop.is_set():
                yield self._chunk(gathered)

    def _compared(
        self, rows: Iterator[ReadRow], gathered: _Gathered, stop: Event
    ) -> Iterator[None]:
        """Compare row after row; yields when there is something to look at."""
        for row in rows:
            if stop.is_set():
                return
            self.counts.rows += 1
            if isinstance(row, Reject):
                self._rejects.write(row)
            else:
                self._compare(row, gathered)
            if (
                len(gathered) >= self._chunk_products
                or self.counts.rows % _ROWS_BETWEEN_REPORTS == 0
            ):
                yield

    def _compare(self, row: Row, gathered: _Gathered) -> None:
        product_id = self._reader.product_id(row.values)
        if self._known.has_source(product_id, source_hash(row.values)):
            # It was a product then, and the schema is the same: it is one now.
            if self._accepted(product_id, row):
                self._known.name(product_id)
                self.counts.unchanged += 1
            return
        item = self._reader.parse(row)
        if isinstance(item, Reject):
            self._rejects.write(item)
        elif self._accepted(item.id, row):
            self._sort(item, row, gathered)

    def _accepted(self, product_id: str, row: Row) -> bool:
        duplicate = self._reader.duplicate(product_id, row)
        if duplicate is not None:
            self._rejects.write(duplicate)
        return duplicate is None

    def _sort(self, product: Product, row: Row, gathered: _Gathered) -> None:
        if not self._known.name(product.id):
            self.counts.added += 1
            gathered.whole.append((product, row.number))
        elif self._known.has_content(product.id, content_hash(product)):
            self.counts.live += 1
            gathered.live.append((product, row.number))
        else:
            self.counts.changed += 1
            gathered.whole.append((product, row.number))

    def _chunk(self, gathered: _Gathered) -> ChangedChunk:
        return ChangedChunk(
            products=tuple(product for product, _ in gathered.whole),
            lines=tuple(line for _, line in gathered.whole),
            live=tuple(product for product, _ in gathered.live),
            live_lines=tuple(line for _, line in gathered.live),
            rows=self.counts.rows,
            total_products=self.counts.products,
        )
