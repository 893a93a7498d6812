"""Vectors kept on disk, found again by the model and the text they were made of."""

import hashlib
import logging
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from artifacts import EntryRow
from encoders.vector_database import VectorDatabase, is_damaged

_logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_KEY_BYTES = 16  # 128 bits: a collision among a billion texts has a chance of 10^-21
_FRESH_SECONDS = 3600  # a use within the hour is not noted again: lookups stay reads


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorCacheSize:
    """What lies in the cache."""

    entries: int
    size_bytes: int


def vector_key(model_id: str, text: str) -> bytes:
    """Return the key of a text's vector. Another model, or another text, has another key."""
    content = f"{model_id}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=_KEY_BYTES).digest()


class VectorCache:
    """A bounded SQLite file of vectors, shared by threads and processes.

    Half precision: it moves the cosine of two vectors by at most 6e-5, where int8 models are off by
    1e-2, and halves the file (1 million vectors of 384: 0.9 GB). When it is full, the longest
    unused go first.

    It never ends the work it serves: what cannot be read counts as missing, what cannot be written
    is left out, and a damaged file is replaced by an empty one; each is logged as a warning.
    """

    def __init__(
        self, folder: Path, max_bytes: int, clock: Callable[[], float] = time.time
    ) -> None:
        """Name the place; the file is made at the first use.

        Args:
            folder: for the cache alone.
            max_bytes: size that is not exceeded for longer than one write.
            clock: seconds since the epoch, for the order of last use.
        """
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._database: VectorDatabase | None = None

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._folder

    def lookup(
        self, keys: Sequence[bytes], dimension: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Find the vectors that are there.

        Args:
            keys: distinct, from `vector_key`.
            dimension: entries of another length count as missing.

        Returns:
            bool `(len(keys),)`: what was found; and float32 `(len(keys), dimension)`, as they were
            stored: rows of what was not found have no meaning.
        """
        found = np.zeros(len(keys), np.bool_)
        vectors = np.empty((len(keys), dimension), np.float32)
        fresh_since = int(self._clock()) - _FRESH_SECONDS
        rows: list[EntryRow] = self._attempt(lambda database: database.read(keys), [])
        position = {key: index for index, key in enumerate(keys)}
        sound = [
            (position[key], content)
            for key, content, checksum, _ in rows
            if len(content) == 2 * dimension and zlib.crc32(content) == checksum
        ]
        if sound:
            positions = [index for index, _ in sound]
            halves = np.frombuffer(b"".join(content for _, content in sound), np.float16)
            vectors[positions] = halves.reshape(len(sound), dimension)
            found[positions] = True
        stale = [key for key, _, _, used in rows if used < fresh_since]
        if stale:
            self._attempt(lambda database: database.touch(stale, int(self._clock())), None)
        return found, vectors

    def store(self, keys: Sequence[bytes], vectors: NDArray[np.floating]) -> None:
        """Keep vectors, and drop the longest unused ones if the cache is full.

        Args:
            keys: from `vector_key`.
            vectors: `(len(keys), dimension)`; kept in half precision.
        """
        contents = [row.tobytes() for row in vectors.astype(np.float16)]
        now = int(self._clock())
        rows = [
            (key, content, zlib.crc32(content), now)
            for key, content in zip(keys, contents, strict=True)
        ]
        self._attempt(lambda database: database.write(rows), None)
        self._attempt(lambda database: _shrink(database, self._max_bytes), 0)

    def stats(self) -> VectorCacheSize:
        """Return what lies in the cache now."""
        return self._attempt(
            lambda database: VectorCacheSize(
                entries=database.count(), size_bytes=database.size_bytes()
            ),
            VectorCacheSize(entries=0, size_bytes=0),
        )

    def prune(self, max_bytes: int = 0, unused_since: float | None = None) -> int:
        """Drop vectors, the longest unused first, and give their space back.

        Args:
            max_bytes: what may remain; 0 empties the cache.
            unused_since: seconds since the epoch; what was last used before goes whatever its size.
                A use is noted to the hour.

        Returns:
            How many were dropped.
        """

        def work(database: VectorDatabase) -> int:
            dropped = 0 if unused_since is None else database.drop_unused_since(int(unused_since))
            return dropped + _shrink(database, max_bytes)

        return self._attempt(work, 0)

    def close(self) -> None:
        """Let go of the file. A later use opens it again."""
        with self._lock:
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _attempt(self, work: Callable[[VectorDatabase], _Result], otherwise: _Result) -> _Result:
        with self._lock:
            try:
                if self._database is None:
                    self._database = VectorDatabase.open(self._folder)
                return work(self._database)
            except (sqlite3.Error, OSError) as error:
                _logger.warning("vector_cache_failed folder=%s reason=%s", self._folder, error)
                self._let_go()
                if is_damaged(error):
                    self._replace()
                return otherwise

    def _replace(self) -> None:
        try:
            self._database = VectorDatabase.replace_newest(self._folder)
        except (sqlite3.Error, OSError) as error:
            _logger.warning("vector_cache_not_replaced folder=%s reason=%s", self._folder, error)

    def _let_go(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()


def _shrink(database: VectorDatabase, max_bytes: int) -> int:
    dropped = database.shrink(max_bytes)
    if dropped:
        _logger.info("vector_cache_shrunk dropped=%d kept=%d", dropped, database.count())
    return dropped
