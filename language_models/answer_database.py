"""The SQLite file below the cache of answers."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import filelock

from artifacts import WAIT_SECONDS, UsedEntries, entries_schema

_FILE_NAME = "answers.sqlite3"
_LOCK_NAME = "answers.lock"
_SCHEMA_VERSION = 1
_TABLE, _CONTENT = "answers", "content"


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[UsedEntries]:
    """Open the folder's file for the block; it is made where it is missing.

    It is opened for each piece of work and closed after it, which costs a fraction of the
    millisecond that nobody misses beside a language model. So no process goes on writing to a file
    that another one has found damaged and replaced.

    Raises:
        OSError, sqlite3.Error: the folder or file cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _FILE_NAME
    with contextlib.closing(_connect(path)) as connection:
        answers = UsedEntries(connection, _TABLE, _CONTENT)
        if answers.layout_version() == 0:
            with _locked(folder):
                connection.executescript(entries_schema(_TABLE, _CONTENT, _SCHEMA_VERSION))
        if answers.layout_version() != _SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"{path} has an unknown layout")
        answers.ready()
        yield answers


def remove_if_damaged(folder: Path) -> bool:
    """Remove the folder's file unless it is sound, and tell whether it was removed.

    Raises:
        OSError: it cannot be removed.
    """
    path = folder / _FILE_NAME
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        if not path.exists() or _is_sound(path):
            return False
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return True


def _is_sound(path: Path) -> bool:
    try:
        with contextlib.closing(_connect(path)) as connection:
            answers = UsedEntries(connection, _TABLE, _CONTENT)
            return answers.is_sound() and answers.layout_version() in (0, _SCHEMA_VERSION)
    except sqlite3.OperationalError:
        return True  # locked or out of reach, which says nothing of its content
    except sqlite3.DatabaseError:
        return False


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    # Two processes cannot turn one new file to WAL at the same time: SQLite refuses at once.
    with filelock.FileLock(folder / _LOCK_NAME):
        yield
