"""`shopkeeper index apply`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from indexer import FeedPosition
    from search_core.settings import Settings

_EXAMPLES = """\b
Examples:
  shopkeeper index apply --index products < changes.jsonl
  shopkeeper index apply prices.csv --rejects rejects.jsonl
  tail -n +1 -f changes.jsonl | shopkeeper index apply --json --version-field changed_at_ms
"""
_STANDARD_INPUT = 0


@click.command("apply", epilog=_EXAMPLES)
@click.argument(
    "changes", type=click.Path(path_type=Path, allow_dash=True, dir_okay=False), default="-"
)
@click.option("--index", default="products", show_default=True, help="Alias that searches name.")
@click.option(
    "--version-field",
    metavar="NAME",
    help="Field with a change's version: a change older than its product is left out.",
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add lines that were set aside to this file, as JSON Lines.",
)
@click.option(
    "--max-rejects",
    type=click.IntRange(min=0),
    help="End when more lines than this are set aside.  [default: indexer.max_rejects]",
)
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the acknowledged line in this file; begin after the one it holds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a line an acknowledgement.")
@settings_options
def apply(
    changes: Path,
    index: str,
    version_field: str | None,
    rejects: Path | None,
    max_rejects: int | None,
    checkpoint: Path | None,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Apply CHANGES to the live generation as they come, until they end or Ctrl-C.

    CHANGES is JSON Lines or CSV with a column `op`: `upsert` (the whole product), `patch` (price,
    availability, rating or popularity) or `delete`; `-` reads standard input. What is acknowledged
    is written. While a reindex of the same index runs, changes wait for its end.
    """
    from indexer import FeedRequest, apply_changes
    from shopkeeper.composition import update_tools
    from shopkeeper.console import note

    signal.signal(signal.SIGTERM, _interrupt)
    acknowledged: list[FeedPosition] = []

    def acknowledge(position: "FeedPosition") -> None:
        acknowledged[:] = [position]
        _print(position, as_json)

    with _opened(changes) as stream:
        request = FeedRequest(
            alias=index,
            changes=stream,
            version_field=version_field,
            rejects=rejects,
            max_rejects=max_rejects,
            checkpoint=checkpoint,
            on_acknowledged=acknowledge,
            on_set_aside=lambda message: note(f"set aside: {message}"),
            on_oddity=note,
            on_waiting=lambda whom: note(f"waiting for the run of {whom}"),
        )
        try:
            apply_changes(request, update_tools(settings))
        except KeyboardInterrupt:
            note("interrupted: lines after the acknowledged one have to be sent again")
        else:
            note("the feed has ended")


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End as Ctrl-C does: it is how services are stopped."""
    del number, frame
    raise KeyboardInterrupt


@contextmanager
def _opened(changes: Path) -> "Iterator[BufferedReader[Any]]":
    from search_core import CatalogError

    if str(changes) == "-":
        # A reader of its own: the interpreter closes `sys.stdin` when it ends, and cannot while a
        # thread waits for a line of it.
        yield BufferedReader(FileIO(_STANDARD_INPUT, closefd=False))
        return
    try:
        stream = changes.open("rb")
    except OSError as error:
        raise CatalogError(
            f"the changes in {changes} cannot be read: {error.strerror}",
            remedy="check the path; `-` reads standard input",
        ) from error
    with stream:
        yield stream


def _print(position: "FeedPosition", as_json: bool) -> None:
    import orjson

    from shopkeeper.console import out

    if as_json:
        out(orjson.dumps(position).decode())
        return
    out(
        f"line {position.line:,}: {position.upserted:,} upserted, {position.patched:,} patched, "
        f"{position.deleted:,} deleted, {position.late:,} late, {position.set_aside:,} set aside"
    )
