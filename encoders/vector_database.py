"""The SQLite file below the vector cache."""

import contextlib
import re
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

import filelock

Row = tuple[bytes, bytes, int, int]
"""Key, vector in half precision, its checksum, second of last use."""

_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT))
_SCHEMA_VERSION = 1
_WAIT_SECONDS = 30.0  # another process's write takes a fraction of a second
_KEYS_AT_ONCE = 500  # SQLite's oldest limit for the parameters of a statement is 999
_FILE_NAME = re.compile(r"vectors-(\d+)\.sqlite3")

# Keys are random, so vectors keep the order of writing and only the small index is in key order.
# 8 KiB pages hold 10 vectors of 384 or 7 of 512 dimensions with little waste.
_SCHEMA = f"""
PRAGMA page_size = 8192;
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS vectors (
    key BLOB NOT NULL PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL,
    used INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS vectors_by_use ON vectors (used);
PRAGMA user_version = {_SCHEMA_VERSION};
COMMIT;
"""


class VectorDatabase:
    """One open file. Its methods raise `sqlite3.Error`; callers take care of threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = sqlite3.connect(
            path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare()
        except sqlite3.Error:
            self._connection.close()
            raise
        # Nobody has to close an encoder: the file is let go of with it, or when the process ends.
        self._closer = weakref.finalize(self, self._connection.close)

    @classmethod
    def open(cls, folder: Path) -> "VectorDatabase":
        """Open the folder's newest file, or make one.

        Raises:
            OSError, sqlite3.Error: the folder or file cannot be used; see `is_damaged`.
        """
        with _folder_locked(folder):
            return cls(_numbered(folder, max(_numbers(folder), default=1)))

    @classmethod
    def replace_newest(cls, folder: Path) -> "VectorDatabase":
        """Open a sound file in the place of a damaged one, which is removed.

        The name is not used again: a process that still has the damaged file open would mix its
        journal with the new one's.

        Raises:
            OSError, sqlite3.Error: no file can be made.
        """
        with _folder_locked(folder):
            newest = max(_numbers(folder), default=0)
            with contextlib.suppress(sqlite3.DatabaseError):
                # Another process may have replaced it already.
                database = cls(_numbered(folder, newest))
                if database.is_sound():
                    return database
                database.close()
            database = cls(_numbered(folder, newest + 1))
            _remove(_numbered(folder, newest))
            return database

    def is_sound(self) -> bool:
        """Read the whole file to see whether its structure holds."""
        try:
            return bool(self._connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False

    def read(self, keys: Sequence[bytes]) -> list[Row]:
        """Return the entries that are there, in no order."""
        rows: list[Row] = []
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            chunk = keys[start : start + _KEYS_AT_ONCE]
            marks = ",".join("?" * len(chunk))
            rows += self._connection.execute(
                # Cast, because a flipped byte may change what a column is.
                "SELECT key, CAST(vector AS BLOB), CAST(checksum AS INTEGER), "  # noqa: S608 - only question marks
                f"CAST(used AS INTEGER) FROM vectors WHERE key IN ({marks})",
                chunk,
            )
        return rows

    def write(self, rows: Sequence[Row]) -> None:
        """Keep entries; those of the same key are replaced."""
        with self._transaction():
            self._connection.executemany("REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)

    def touch(self, keys: Sequence[bytes], now: int) -> None:
        """Note that entries were used."""
        with self._transaction():
            self._connection.executemany(
                "UPDATE vectors SET used = ? WHERE key = ?", ((now, key) for key in keys)
            )

    def count(self) -> int:
        """Return the number of entries."""
        return int(self._value("SELECT count(*) FROM vectors"))

    def size_bytes(self) -> int:
        """Return the size of the file."""
        return int(self._value("PRAGMA page_count")) * int(self._value("PRAGMA page_size"))

    def oldest_use(self) -> int | None:
        """Return the second at which the longest unused entry was used; `None`: there is none."""
        value = self._connection.execute("SELECT min(used) FROM vectors").fetchone()[0]
        return None if value is None else int(value)

    def drop_unused_since(self, second: int) -> int:
        """Remove entries last used before a second since the epoch, and return how many."""
        with self._transaction():
            dropped = self._connection.execute(
                "DELETE FROM vectors WHERE used < ?", (second,)
            ).rowcount
        self._connection.executescript("PRAGMA incremental_vacuum")
        return dropped

    def drop_longest_unused(self, entries: int) -> int:
        """Remove so many entries, shrink the file, and return how many there were."""
        with self._transaction():
            dropped = self._connection.execute(
                "DELETE FROM vectors WHERE rowid IN "
                "(SELECT rowid FROM vectors ORDER BY used, rowid LIMIT ?)",
                (entries,),
            ).rowcount
        # It frees a page a step, and `execute` takes one step only; a script runs to its end.
        self._connection.executescript("PRAGMA incremental_vacuum")
        return dropped

    def close(self) -> None:
        """Close the file."""
        self._closer()

    def _prepare(self) -> None:
        version = int(self._value("PRAGMA user_version"))
        if version == 0:
            self._connection.executescript(_SCHEMA)
        elif version != _SCHEMA_VERSION:
            error = sqlite3.DatabaseError(f"{self.path} has the unknown layout {version}")
            error.sqlite_errorcode = sqlite3.SQLITE_FORMAT
            raise error
        # A power cut may cost the last writes of a cache, never the file: WAL keeps it whole.
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def _value(self, statement: str) -> int:
        value = self._connection.execute(statement).fetchone()[0]
        return int(value)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        # Immediate: two processes that both began by reading could not both go on to write.
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            yield


def is_damaged(error: Exception) -> bool:
    """Tell whether an error means that a file's content cannot be trusted."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in _DAMAGED  # the upper bytes tell where it was found


@contextlib.contextmanager
def _folder_locked(folder: Path) -> Iterator[None]:
    # Two processes cannot turn one new file to WAL at the same time: SQLite refuses at once.
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / "vectors.lock"):
        yield


def _numbers(folder: Path) -> list[int]:
    matches = (_FILE_NAME.fullmatch(path.name) for path in folder.iterdir())
    return [int(match[1]) for match in matches if match is not None]


def _numbered(folder: Path, number: int) -> Path:
    return folder / f"vectors-{number}.sqlite3"


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + ending).unlink()
