"""The SQLite file below the vector cache."""

import contextlib
import re
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path

import filelock

from artifacts import WAIT_SECONDS, UsedEntries, entries_schema

_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT))
_SCHEMA_VERSION = 1
_WAIT_SECONDS = WAIT_SECONDS
_FILE_NAME = re.compile(r"vectors-(\d+)\.sqlite3")

# Keys are random, so vectors keep the order of writing and only the small index is in key order.
# 8 KiB pages hold 10 vectors of 384 or 7 of 512 dimensions with little waste.
_SCHEMA = f"PRAGMA page_size = 8192;{entries_schema('vectors', 'vector', _SCHEMA_VERSION)}"


class VectorDatabase(UsedEntries):
    """One open file of vectors in half precision. Its methods raise `sqlite3.Error`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        connection = sqlite3.connect(
            path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        super().__init__(connection, "vectors", "vector")
        try:
            self._prepare()
        except sqlite3.Error:
            connection.close()
            raise
        # Nobody has to close an encoder: the file is let go of with it, or when the process ends.
        self._closer = weakref.finalize(self, connection.close)

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
            return super().is_sound()
        except sqlite3.DatabaseError:
            return False

    def close(self) -> None:
        """Close the file."""
        self._closer()

    def _prepare(self) -> None:
        version = self.layout_version()
        if version == 0:
            self._connection.executescript(_SCHEMA)
        elif version != _SCHEMA_VERSION:
            error = sqlite3.DatabaseError(f"{self.path} has the unknown layout {version}")
            error.sqlite_errorcode = sqlite3.SQLITE_FORMAT
            raise error
        self.ready()


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
