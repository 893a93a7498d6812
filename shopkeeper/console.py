"""What commands print: results on stdout, everything else on stderr.

On a terminal with rich tables and progress bars, otherwise as plain lines, so that output can be
piped and logged.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

import click
import orjson

from search_core.ports import ProgressListener

_PLAIN_INTERVAL_SECONDS = 10.0
"""How often a long task says how far it is when there is no terminal: enough for a log."""


def out(text: str = "") -> None:
    """Print a result."""
    click.echo(text)


def note(text: str) -> None:
    """Print something about the work, not its result."""
    click.echo(text, err=True)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, a regular one: `1 product`, `2 queries`, `1,030 searches`."""
    if count == 1:
        return f"1 {noun}"
    if noun.endswith("ch"):
        return f"{count:,} {noun}es"
    return f"{count:,} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{count:,} {noun}s"


def emit_json(value: object) -> None:
    """Print a result as JSON. Dataclasses, dates, enums and numpy values are understood."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    click.echo(orjson.dumps(value, option=options, default=str).decode())


def table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    one_of_several: bool = False,
) -> None:
    """Print a table: drawn on a terminal, tab-separated otherwise.

    Args:
        title: above the table on a terminal.
        columns: their headings.
        rows: as many cells each as there are columns.
        one_of_several: the command prints further tables, so that the title is needed everywhere:
            `# title`, above the tab-separated rows and with an empty line below them.
    """
    if not sys.stdout.isatty():
        if one_of_several:
            click.echo(f"# {title}")
            rows = (*rows, ("",))
        for row in (columns, *rows):
            click.echo("\t".join(row))
        return
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that --json and pipes need not pay
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    drawn = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(cell) for cell in row))
    Console().print(drawn)


class _PlainProgress:
    """Says on stderr when a task begins, now and then how far it is, and when it ends."""

    def __init__(self) -> None:
        self._done: dict[str, int] = {}
        self._totals: dict[str, tuple[int | None, str]] = {}
        self._said_at: dict[str, float] = {}

    def start(self, task: str, total: int | None, unit: str) -> None:
        self._done[task] = 0
        self._totals[task] = (total, unit)
        self._said_at[task] = monotonic()
        note(f"{task} …")

    def advance(self, task: str, amount: int) -> None:
        self._done[task] = self._done.get(task, 0) + amount
        if monotonic() - self._said_at.get(task, 0.0) >= _PLAIN_INTERVAL_SECONDS:
            self._said_at[task] = monotonic()
            note(f"{task}: {self._amount(task)}")

    def finish(self, task: str) -> None:
        note(f"{task}: {self._amount(task)}, done")
        self._totals.pop(task, None)

    def _amount(self, task: str) -> str:
        total, unit = self._totals.get(task, (None, ""))
        done = self._done.get(task, 0)
        if unit == "bytes":
            text = f"{done / 1e6:.1f} MB"
            return f"{text} of {total / 1e6:.1f} MB" if total else text
        return f"{done:,} of {total:,} {unit}" if total else f"{done:,} {unit}"


@contextmanager
def progress() -> Iterator[ProgressListener]:
    """Yield a listener that draws bars on a terminal, or writes plain lines."""
    if not sys.stderr.isatty():
        yield _PlainProgress()
        return
    from shopkeeper.progress_bars import rich_progress  # noqa: PLC0415 - only on a terminal

    with rich_progress() as listener:
        yield listener
