"""The SQLite file below the cache of answers."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import filelock

Row = tuple[bytes, bytes, int, int]
"""Key, content, its checksum, second of last use."""

_FILE_NAME = "answers.sqlite3"
_LOCK_NAME = "answers.lock"
_SCHEMA_VERSION = 1
_WAIT_SECONDS = 30.0  # another process's write takes a fraction of a second
_KEYS_AT_ONCE = 500  # SQLite's oldest limit for the parameters of a statement is 999
_SCHEMA = f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS answers (
    key BLOB NOT NULL PRIMARY KEY, content BLOB NOT NULL, checksum INTEGER NOT NULL,
    used INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_by_use ON answers (used);
PRAGMA user_version = {_SCHEMA_VERSION};
COMMIT;
"""


class AnswerDatabase:
    """One open file. Its methods raise `sqlite3.Error`.

    It is opened for each piece of work and closed after it, which costs a fraction of the
    millisecond that nobody misses beside a language model. So no process goes on writing to a file
    that another one has found damaged and replaced.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def read(self, keys: Sequence[bytes]) -> list[Row]:
        """Return the entries that are there, in no order."""
        rows: list[Row] = []
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            chunk = keys[start : start + _KEYS_AT_ONCE]
            marks = ",".join("?" * len(chunk))
            rows += self._connection.execute(
                # Cast, because a flipped byte may change what a column is.
                "SELECT key, CAST(content AS BLOB), CAST(checksum AS INTEGER), "  # noqa: S608 - only question marks
                f"CAST(used AS INTEGER) FROM answers WHERE key IN ({marks})",
                chunk,
            )
        return rows

    def write(self, rows: Sequence[Row]) -> None:
        """Keep entries; those of the same key are replaced."""
        with self._transaction():
            self._connection.executemany("REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)

    def touch(self, keys: Sequence[bytes], now: int) -> None:
        """Note that entries were used."""
        with self._transaction():
            self._connection.executemany(
                "UPDATE answers SET used = ? WHERE key = ?", ((now, key) for key in keys)
            )

    def count(self) -> int:
        """Return the number of entries."""
        return self._value("SELECT count(*) FROM answers")

    def size_bytes(self) -> int:
        """Return the size of the file."""
        return self._value("PRAGMA page_count") * self._value("PRAGMA page_size")

    def drop_unused_since(self, second: int) -> int:
        """Remove entries last used before a second since the epoch, and return how many."""
        with self._transaction():
            dropped = self._connection.execute(
                "DELETE FROM answers WHERE used < ?", (second,)
            ).rowcount
        self._give_back()
        return dropped

    def drop_longest_unused(self, entries: int) -> int:
        """Remove so many entries, and return how many there were."""
        with self._transaction():
            dropped = self._connection.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY used LIMIT ?)",
                (entries,),
            ).rowcount
        self._give_back()
        return dropped

    def _give_back(self) -> None:
        # It frees a page a step, and `execute` takes one step only; a script runs to its end.
        self._connection.executescript("PRAGMA incremental_vacuum")

    def _value(self, statement: str) -> int:
        return int(self._connection.execute(statement).fetchone()[0])

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        # Immediate: two processes that both began by reading could not both go on to write.
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            yield


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[AnswerDatabase]:
    """Open the folder's file for the block; it is made where it is missing.

    Raises:
        OSError, sqlite3.Error: the folder or file cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _FILE_NAME
    with contextlib.closing(_connect(path)) as connection:
        if _version(connection) == 0:
            with _locked(folder):
                connection.executescript(_SCHEMA)
        if _version(connection) != _SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"{path} has an unknown layout")
        # A power cut may cost the last writes of a cache, never the file: WAL keeps it whole.
        connection.execute("PRAGMA synchronous = NORMAL")
        yield AnswerDatabase(connection)


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
            checked = connection.execute("PRAGMA quick_check").fetchone()[0]
            return bool(checked == "ok" and _version(connection) in (0, _SCHEMA_VERSION))
    except sqlite3.OperationalError:
        return True  # locked or out of reach, which says nothing of its content
    except sqlite3.DatabaseError:
        return False


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    # Two processes cannot turn one new file to WAL at the same time: SQLite refuses at once.
    with filelock.FileLock(folder / _LOCK_NAME):
        yield
