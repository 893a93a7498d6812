"""Answers kept on disk, found again by what was asked."""

import logging
import sqlite3
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from artifacts import EntryRow, UsedEntries
from language_models.answer_database import opened, remove_if_damaged

_logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_FRESH_SECONDS = 3600  # a use within the hour is not noted again: lookups stay reads


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCacheSize:
    """What lies in the cache."""

    entries: int
    size_bytes: int


class AnswerCache:
    """A bounded SQLite file of answers, shared by threads and processes.

    It never ends the work it serves: what cannot be read counts as missing, what cannot be written
    is left out, and a damaged file is replaced by an empty one; each is logged as a warning.
    """

    def __init__(
        self, folder: Path, max_bytes: int, clock: Callable[[], float] = time.time
    ) -> None:
        """Name the place; the file is made at the first use.

        Args:
            folder: for the cache alone.
            max_bytes: size that is not exceeded for longer than one write; 0 keeps nothing.
            clock: seconds since the epoch, for the order of last use.
        """
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock

    def lookup(self, keys: Sequence[bytes]) -> dict[bytes, str]:
        """Return the answers that are there, by key."""
        if not self._max_bytes or not keys:
            return {}
        rows: list[EntryRow] = self._attempt(lambda database: database.read(keys), [])
        found = {
            key: zlib.decompress(content).decode("utf-8", "surrogatepass")
            for key, content, checksum, _ in rows
            if zlib.crc32(content) == checksum
        }
        fresh_since = int(self._clock()) - _FRESH_SECONDS
        stale = [key for key, _, _, used in rows if used < fresh_since]
        if stale:
            self._attempt(lambda database: database.touch(stale, int(self._clock())), None)
        return found

    def store(self, answers: Mapping[bytes, str]) -> None:
        """Keep answers, and drop the longest unused ones if the cache is full."""
        if not self._max_bytes or not answers:
            return
        now = int(self._clock())
        rows = [_row(key, answer, now) for key, answer in answers.items()]
        self._attempt(lambda database: database.write(rows), None)
        self.prune(self._max_bytes)

    def stats(self) -> AnswerCacheSize:
        """Return what lies in the cache now."""
        return self._attempt(
            lambda database: AnswerCacheSize(
                entries=database.count(), size_bytes=database.size_bytes()
            ),
            AnswerCacheSize(entries=0, size_bytes=0),
        )

    def prune(self, max_bytes: int, unused_since: float | None = None) -> int:
        """Drop answers, the longest unused first.

        Args:
            max_bytes: what may remain; 0 empties the cache.
            unused_since: seconds since the epoch; what was last used before goes whatever its size.

        Returns:
            How many were dropped.
        """

        def work(database: UsedEntries) -> int:
            dropped = 0 if unused_since is None else database.drop_unused_since(int(unused_since))
            return dropped + database.shrink(max_bytes)

        return self._attempt(work, 0)

    def _attempt(self, work: Callable[[UsedEntries], _Result], otherwise: _Result) -> _Result:
        try:
            with opened(self._folder) as database:
                return work(database)
        except (sqlite3.Error, OSError) as error:
            _logger.warning("answer_cache_failed folder=%s reason=%s", self._folder, error)
            self._mend()
            return otherwise

    def _mend(self) -> None:
        try:
            if remove_if_damaged(self._folder):
                _logger.warning("answer_cache_replaced folder=%s", self._folder)
        except OSError as error:
            _logger.warning("answer_cache_not_replaced folder=%s reason=%s", self._folder, error)


def _row(key: bytes, answer: str, now: int) -> EntryRow:
    content = zlib.compress(answer.encode("utf-8", "surrogatepass"))
    return key, content, zlib.crc32(content), now
