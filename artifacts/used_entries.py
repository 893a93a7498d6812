"""Entries of a cache in an SQLite file: by key, with a checksum and when they were last used."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence

EntryRow = tuple[bytes, bytes, int, int]
"""Key, content, its checksum, second of last use."""

WAIT_SECONDS = 30.0
"""Another process's write takes a fraction of a second."""
_KEPT_WHEN_FULL = 0.9
_KEYS_AT_ONCE = 500  # SQLite's oldest limit for the parameters of a statement is 999


def entries_schema(table: str, content: str, version: int) -> str:
    """Return the statements that make the table in a file that has none.

    Args:
        table: its name.
        content: name of the column that holds what is kept.
        version: of the file's layout, above 0.
    """
    return f"""
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS {table} (
    key BLOB NOT NULL PRIMARY KEY, {content} BLOB NOT NULL, checksum INTEGER NOT NULL,
    used INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS {table}_by_use ON {table} (used);
PRAGMA user_version = {version};
COMMIT;
"""


class UsedEntries:
    """The table of an open file. Its methods raise `sqlite3.Error`; callers care for threads."""

    def __init__(self, connection: sqlite3.Connection, table: str, content: str) -> None:
        """Keep where the entries are.

        Args:
            connection: in autocommit mode; closed by its owner.
            table: made by `entries_schema`.
            content: name of its column.
        """
        self._connection = connection
        self._table = table
        self._content = content

    def layout_version(self) -> int:
        """Return the version of the file's layout; 0: it is new."""
        return self._value("PRAGMA user_version")

    def ready(self) -> None:
        """Set how the file is written, once it has its table."""
        # A power cut may cost the last writes of a cache, never the file: WAL keeps it whole.
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def read(self, keys: Sequence[bytes]) -> list[EntryRow]:
        """Return the entries that are there, in no order."""
        rows: list[EntryRow] = []
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            chunk = keys[start : start + _KEYS_AT_ONCE]
            marks = ",".join("?" * len(chunk))
            rows += self._connection.execute(
                # Cast, because a flipped byte may change what a column is.
                f"SELECT key, CAST({self._content} AS BLOB), CAST(checksum AS INTEGER), "  # noqa: S608 - our own names and question marks
                f"CAST(used AS INTEGER) FROM {self._table} WHERE key IN ({marks})",
                chunk,
            )
        return rows

    def write(self, rows: Sequence[EntryRow]) -> None:
        """Keep entries; those of the same key are replaced."""
        with self._transaction():
            self._connection.executemany(
                f"REPLACE INTO {self._table} VALUES (?, ?, ?, ?)",  # noqa: S608 - our own name
                rows,
            )

    def touch(self, keys: Sequence[bytes], now: int) -> None:
        """Note that entries were used."""
        with self._transaction():
            self._connection.executemany(
                f"UPDATE {self._table} SET used = ? WHERE key = ?",  # noqa: S608 - our own name
                ((now, key) for key in keys),
            )

    def count(self) -> int:
        """Return the number of entries."""
        return self._value(f"SELECT count(*) FROM {self._table}")  # noqa: S608 - our own name

    def size_bytes(self) -> int:
        """Return the size of the file."""
        return self._value("PRAGMA page_count") * self._value("PRAGMA page_size")

    def oldest_use(self) -> int | None:
        """Return the second at which the longest unused entry was used; `None`: there is none."""
        statement = f"SELECT min(used) FROM {self._table}"  # noqa: S608 - our own name
        value = self._connection.execute(statement).fetchone()[0]
        return None if value is None else int(value)

    def drop_unused_since(self, second: int) -> int:
        """Remove entries last used before a second since the epoch, and return how many."""
        return self._drop("used < ?", second)

    def drop_longest_unused(self, entries: int) -> int:
        """Remove so many entries, shrink the file, and return how many there were."""
        oldest = f"SELECT rowid FROM {self._table} ORDER BY used, rowid LIMIT ?"  # noqa: S608 - our own name
        return self._drop(f"rowid IN ({oldest})", entries)

    def shrink(self, max_bytes: int) -> int:
        """Remove the longest unused entries where the file is larger, and return how many.

        Args:
            max_bytes: what the file may have; 0 empties it. A tenth of room is made beyond, so that
                not every write has to make some.
        """
        size_bytes = self.size_bytes()
        if size_bytes <= max_bytes:
            return 0
        entries = self.count()
        kept = int(entries * _KEPT_WHEN_FULL * max_bytes / size_bytes)
        return self.drop_longest_unused(entries - kept)

    def is_sound(self) -> bool:
        """Read the whole file to see whether its structure holds."""
        return bool(self._connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")

    def _drop(self, condition: str, bound: int) -> int:
        with self._transaction():
            dropped = self._connection.execute(
                f"DELETE FROM {self._table} WHERE {condition}",  # noqa: S608 - our own names
                (bound,),
            ).rowcount
        # It frees a page a step, and `execute` takes one step only; a script runs to its end.
        self._connection.executescript("PRAGMA incremental_vacuum")
        return dropped

    def _value(self, statement: str) -> int:
        return int(self._connection.execute(statement).fetchone()[0])

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        # Immediate: two processes that both began by reading could not both go on to write.
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            yield
