"""Applies a feed of changes to the live generation, batch after batch, for as long as it lasts.

A batch is acknowledged once OpenSearch has confirmed it, and only if the generation it went to is
still the live one and no run has begun meanwhile; otherwise it waits for that run's end and is
written again. A change may so be written twice, which changes nothing.
"""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexer.delta.change_rows import change_rows
from indexer.delta.feed_batch import BatchOutcome, FeedBatch
from indexer.delta.feed_position import FeedPosition, read_checkpoint, write_checkpoint
from indexer.delta.live_generation import LiveGeneration, open_live_generation
from indexer.delta.run_watch import RunWatch
from indexer.delta.timed_batches import TimedBatches
from indexer.delta.update_request import UpdateTools
from indexer.rejects import Reject
from indexer.rejects_file import RejectsFile
from indexer.rows import ReadRow
from search_engine import RunRecordStore, note_changes, physical_index

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRequest:
    """Which changes go where."""

    alias: str
    changes: "io.BufferedReader[Any]"
    """JSON Lines, or a table of text with a header: see docs/updates.md."""
    version_field: str | None = None
    """Field of each row that holds the change's version; `None`: changes count as they come."""
    rejects: Path | None = None
    """Where rows that were set aside are added."""
    max_rejects: int | None = None
    """Goes before `indexer.max_rejects`."""
    checkpoint: Path | None = None
    """Keeps the acknowledged line; lines up to the one that it holds at the start are left out."""
    on_acknowledged: Callable[[FeedPosition], None] = lambda _: None
    """Told after each batch."""
    on_set_aside: Callable[[str], None] = lambda _: None
    """Told what is wrong with the first lines that were set aside."""
    on_oddity: Callable[[str], None] = lambda _: None
    """Told of odd values of products that are written all the same, once a field."""
    on_waiting: Callable[[str], None] = lambda _: None
    """Told for whose run a batch has to wait."""


def apply_changes(request: FeedRequest, tools: UpdateTools) -> FeedPosition:
    """Apply changes until the feed ends; returns how far it came.

    Whatever ends it early, what was acknowledged is written.

    Raises:
        CatalogFormatError: the feed is a table without names of columns.
        TooManyRejectsError: more rows are set aside than allowed; that batch is not acknowledged.
        IndexNotFoundError: no generation is live.
        UpdateRefusedError: the live generation cannot be changed in place.
        EncoderError: the generation's model is missing or fails.
        SearchEngineError: OpenSearch failed, after the retries.
    """
    limit = tools.settings.max_rejects if request.max_rejects is None else request.max_rejects
    with RejectsFile(request.rejects, limit, add=True) as rejects:
        return _Feed(request, tools, rejects).run()


class _Feed:
    def __init__(self, request: FeedRequest, tools: UpdateTools, rejects: RejectsFile) -> None:
        self._request = request
        self._tools = tools
        self._rejects = rejects
        self._told: set[str] = set()
        self._watch = RunWatch(RunRecordStore(tools.client, request.alias))
        self._writer, self._live = self._open()

    def run(self) -> FeedPosition:
        settings = self._tools.settings
        position = FeedPosition()
        rows = TimedBatches(self._rows(), size=settings.feed_batch, seconds=settings.feed_seconds)
        for batch in rows:
            outcome = self._write(batch)
            for reject in outcome.rejects:
                self._rejects.write(reject)
                if self._rejects.total == len(self._rejects.first):
                    self._request.on_set_aside(reject.message)
            self._rejects.flush()
            self._tell_of_oddities()
            position = _after(position, batch, outcome)
            note_changes(self._tools.client, self._live.name, outcome.upserted + outcome.deleted)
            if self._request.checkpoint is not None:
                write_checkpoint(self._request.checkpoint, position)
            self._request.on_acknowledged(position)
        return position

    def _tell_of_oddities(self) -> None:
        """Tell of each field once; the notes begin anew with a new generation."""
        for field, sentence in self._writer.notes.by_field():
            if field not in self._told:
                self._told.add(field)
                self._request.on_oddity(sentence)

    def _rows(self) -> Iterator[ReadRow]:
        path = self._request.checkpoint
        done = 0 if path is None else read_checkpoint(path)
        for row in change_rows(self._request.changes):
            if _line(row) > done:
                yield row

    def _write(self, batch: list[ReadRow]) -> BatchOutcome:
        while True:
            self._watch.wait_for_end(self._request.on_waiting)
            if self._live_name() != self._live.name:
                self._writer, self._live = self._open()
            outcome = self._writer.write(batch)
            if self._live_name() == self._live.name and self._watch.running() is None:
                return outcome
            _logger.info("feed_batch_again generation=%s", self._live.name)

    def _live_name(self) -> str:
        return physical_index(self._tools.client, self._request.alias)

    def _open(self) -> tuple[FeedBatch, LiveGeneration]:
        tools, request = self._tools, self._request
        live = open_live_generation(
            tools.client, request.alias, tools.settings, tools.encoder_of, tools.more_tags
        )
        batch = FeedBatch(tools.client, live, tools.settings, request.version_field)
        return batch, live


def _after(before: FeedPosition, batch: list[ReadRow], outcome: BatchOutcome) -> FeedPosition:
    return replace(
        before,
        line=_line(batch[-1]),
        upserted=before.upserted + outcome.upserted,
        patched=before.patched + outcome.patched,
        deleted=before.deleted + outcome.deleted,
        late=before.late + outcome.late,
        set_aside=before.set_aside + len(outcome.rejects),
    )


def _line(row: ReadRow) -> int:
    return row.line if isinstance(row, Reject) else row.number
