"""A judgment list that grows by what people rate on the workbench."""

import csv
import io
import os
import re
from pathlib import Path

from filelock import FileLock, Timeout

from search_core import JudgmentsError

GRADES = (0, 1, 2, 3)
"""From wrong to exactly what was meant, as Quepid's detailed scale and TREC have them."""

_COLUMNS = ("query", "docid", "rating", "filters")
_FILTER_SEPARATOR = ";"
"""What `evaluation` reads between several filters of one query."""
_LOCK_SECONDS = 5.0

Key = tuple[str, tuple[str, ...], str]
"""Query, filters, product id."""


class RatingList:
    """A CSV file of `query,docid,rating,filters` that ratings are added to.

    A product that is rated again has its line replaced: two grades for one product would be a
    mistake of the file for whatever reads it. No other line is touched, and a reader never sees
    half a file. Several workers may write to one file, by the lock beside it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), thread_local=False)
        self._read: tuple[tuple[int, int], dict[Key, int]] | None = None

    def rate(self, query: str, filters: tuple[str, ...], product_id: str, grade: int) -> None:
        """Add a rating; it is on the disk when this returns.

        Args:
            query: as it was typed; line breaks become spaces.
            filters: as the address has them.
            product_id: of the product.
            grade: one of `GRADES`.

        Raises:
            JudgmentsError: the file cannot be added to. It is as it was.
        """
        try:
            with self._lock.acquire(timeout=_LOCK_SECONDS):
                columns = self._columns()
                values = {
                    "query": " ".join(query.split()),
                    "docid": product_id,
                    "rating": str(grade),
                    "filters": _FILTER_SEPARATOR.join(filters),
                }
                if filters and "filters" not in columns:
                    raise JudgmentsError(
                        f"{self._path} has no column for filters, and this search has some",
                        remedy="rate searches without filters, or add the column `filters`",
                    )
                line = _line([values.get(name, "") for name in columns])
                key = (values["query"], filters, product_id)
                if not self._replaced(key, columns, line):
                    self._append(line)
        except (OSError, Timeout) as error:
            reason = getattr(error, "strerror", None) or "another process holds its lock"
            raise JudgmentsError(
                f"{self._path} cannot be added to: {reason}",
                remedy="query_proxy.workbench_judgments names the file",
            ) from error

    def grades(self, query: str, filters: tuple[str, ...]) -> dict[str, int]:
        """Return product id → grade of a query.

        Raises:
            JudgmentsError: the file is no judgment list.
        """
        wanted = (" ".join(query.split()), filters)
        return {
            product_id: grade
            for (text, chosen, product_id), grade in self._all().items()
            if (text, chosen) == wanted
        }

    def _all(self) -> dict[Key, int]:
        try:
            status = self._path.stat()
            state = (status.st_mtime_ns, status.st_size)
            if self._read is None or self._read[0] != state:
                self._read = (state, self._parsed(self._path.read_text(encoding="utf-8-sig")))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise JudgmentsError(f"{self._path} cannot be read: {error}") from error
        return self._read[1]

    def _parsed(self, text: str) -> dict[Key, int]:
        found: dict[Key, int] = {}
        for row in csv.DictReader(io.StringIO(text)):
            rating = row.get("rating") or ""
            if re.fullmatch(r"\d+", rating):
                found[_key(row)] = int(rating)
        return found

    def _columns(self) -> list[str]:
        """Return the file's columns; a file that is not there, or empty, is begun."""
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                columns = next(csv.reader(file), [])
        except FileNotFoundError:
            columns = []
        if not columns:
            self._append(_line(_COLUMNS))
            return list(_COLUMNS)
        if not {"query", "docid", "rating"} <= set(columns):
            raise JudgmentsError(
                f"{self._path} is no list that can be added to: its first line is "
                f"{','.join(columns)[:80]!r}",
                remedy="begin it with query,docid,rating or name a new file",
            )
        return columns

    def _replaced(self, key: Key, columns: list[str], line: str) -> bool:
        """Put a line in the place of the one that rates the same, if there is one."""
        if key not in self._all():
            return False
        text = self._path.read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        reader = csv.reader(lines)
        first = 0
        for fields in reader:
            row = dict(zip(columns, fields, strict=False))
            if _key(row) == key:
                lines[first : reader.line_num] = [line]
                break
            first = reader.line_num
        draft = self._path.with_name(f"{self._path.name}.draft")
        draft.write_text("".join(lines), encoding="utf-8")
        draft.replace(self._path)
        return True

    def _append(self, line: str) -> None:
        """Write a line whole: one write to the end, after a line break where the last one lacks."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            size = os.fstat(file).st_size
            ends = size == 0 or os.pread(file, 1, size - 1) == b"\n"
            os.write(file, (line if ends else f"\n{line}").encode())
            os.fsync(file)
        finally:
            os.close(file)


def _key(row: dict[str, str]) -> Key:
    filters = (row.get("filters") or "").split(_FILTER_SEPARATOR)
    return row.get("query") or "", tuple(filter(None, filters)), row.get("docid") or ""


def _line(values: list[str] | tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(values)
    return buffer.getvalue()
