"""Writes rejects to a file, counts them, and ends the run when there are too many."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from indexer.rejects import Reject, RejectReason
from search_core import CatalogError, TooManyRejectsError

_FIRST_TOLD = 5


class RejectsFile:
    """A JSON Lines file of rejects: `line`, `reason`, `message`, `raw`.

    The file is made with the first reject: a run without rejects leaves none, and removes that of
    an earlier run, unless it is told to add to it.

    Args:
        path: where; `None` only counts.
        max_rejects: the largest number that is let pass; `None`: any.
        add: keep what an earlier run has written.
    """

    def __init__(
        self, path: Path | None, max_rejects: int | None = None, *, add: bool = False
    ) -> None:
        self.path = path
        self._max_rejects = max_rejects
        self._counts: Counter[RejectReason] = Counter()
        self._first: list[str] = []
        self._stream: BinaryIO | None = None
        if path is not None and not add:
            path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def counts(self) -> Mapping[RejectReason, int]:
        """How many rejects there were of each reason, the most frequent first."""
        return dict(self._counts.most_common())

    @property
    def first(self) -> tuple[str, ...]:
        """The messages of the first rejects."""
        return tuple(self._first)

    @property
    def total(self) -> int:
        """How many rejects there were."""
        return self._counts.total()

    def write(self, reject: Reject) -> None:
        """Add a reject.

        Raises:
            TooManyRejectsError: it is one more than `max_rejects`. It has been written.
            CatalogError: the file cannot be written.
        """
        self._counts[reject.reason] += 1
        if len(self._first) < _FIRST_TOLD:
            self._first.append(reject.message)
        if self.path is not None:
            self._append(self.path, orjson.dumps(_record(reject), option=orjson.OPT_APPEND_NEWLINE))
        if self._max_rejects is not None and self.total > self._max_rejects:
            self.close()
            kept = f"see {self.path}, and " if self.path else ""
            raise TooManyRejectsError(
                f"{self.total:,} rows were set aside, at most {self._max_rejects:,} may be"
                f" ({self.summary()}); the last: {reject.message}",
                remedy=f"{kept}correct the file or catalog.toml, or raise indexer.max_rejects",
            )

    def summary(self) -> str:
        """Return the counts in words: `3 missing_title, 1 broken_json`; `none` without rejects."""
        return ", ".join(f"{count:,} {reason}" for reason, count in self.counts.items()) or "none"

    def flush(self) -> None:
        """Hand what was written to the operating system: it outlives a killed process."""
        if self._stream is not None:
            self._stream.flush()

    def close(self) -> None:
        """Finish the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _append(self, path: Path, record: bytes) -> None:
        try:
            if self._stream is None:
                self._stream = path.open("ab")
            self._stream.write(record)
        except OSError as error:
            raise CatalogError(
                f"the rejects cannot be written to {path}: {error.strerror}",
                remedy="choose another place for the rejects",
            ) from error


def _record(reject: Reject) -> dict[str, object]:
    # A lone surrogate in an excerpt is no UTF-8.
    raw = reject.raw.encode("utf-8", "backslashreplace").decode()
    message = reject.message.encode("utf-8", "backslashreplace").decode()
    return {"line": reject.line, "reason": reject.reason, "message": message, "raw": raw}
