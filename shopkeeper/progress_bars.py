"""Progress bars on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class _AmountColumn(ProgressColumn):
    """Bytes as MB, anything else as a count."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = DownloadColumn()
        self._count = MofNCompleteColumn()

    def render(self, task: Task) -> Text:
        column = self._bytes if task.fields.get("unit") == "bytes" else self._count
        return column.render(task)


class RichProgress:
    """A `ProgressListener` that draws one bar a task."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def start(self, task: str, total: int | None, unit: str) -> None:
        """Add a bar."""
        self._tasks[task] = self._bars.add_task(task, total=total, unit=unit)

    def advance(self, task: str, amount: int) -> None:
        """Move a bar."""
        if task in self._tasks:
            self._bars.advance(self._tasks[task], amount)

    def finish(self, task: str) -> None:
        """Leave a bar as it stands."""
        if task in self._tasks:
            self._bars.stop_task(self._tasks[task])


@contextmanager
def rich_progress() -> Iterator[RichProgress]:
    """Draw bars on stderr while the block runs."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        _AmountColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield RichProgress(bars)
