"""`shopkeeper cache`: what is kept on disk so as not to be computed or asked again."""

from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from search_core.settings import Settings

_SECONDS_A_DAY = 86_400.0
_ANY_SIZE = 2**62
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def cache() -> None:
    """Measure and shrink the caches of vectors and of language models' answers."""


@cache.command(epilog="Example: shopkeeper cache stats --json")
@_JSON
@settings_options
def stats(as_json: bool, settings: "Settings") -> None:
    """Say how much each cache holds, and how much it may."""
    from shopkeeper.console import emit_json, table
    from shopkeeper.kept_caches import kept_caches

    found = [(each, each.size()) for each in kept_caches(settings)]
    if as_json:
        emit_json(
            {
                each.name: {
                    "entries": size.entries,
                    "size_bytes": size.size_bytes,
                    "limit_bytes": each.limit_bytes,
                }
                for each, size in found
            }
        )
        return
    rows = [
        (
            each.name,
            f"{size.entries:,}",
            f"{size.size_bytes / 1e6:.1f}",
            f"{each.limit_bytes / 1e6:.1f}",
        )
        for each, size in found
    ]
    table("Caches", ("cache", "entries", "MB", "at most MB"), rows)


@cache.command(
    epilog="""\b
Examples:
  shopkeeper cache prune --older-than 90
  shopkeeper cache prune --only vectors --max-bytes 500000000"""
)
@click.option(
    "--max-bytes", type=click.IntRange(min=0), help="What each cache may keep; 0 empties it."
)
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Drop what was not used for so many days.",
)
@click.option(
    "--only", type=click.Choice(["vectors", "answers"]), help="One cache.  [default: every one]"
)
@_JSON
@settings_options
def prune(
    max_bytes: int | None,
    older_than: float | None,
    only: str | None,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Drop what was not used for longest. Indices lose nothing: it is computed again when needed.

    Processes that use a cache meanwhile go on.
    """
    import time

    from shopkeeper.console import emit_json, out
    from shopkeeper.kept_caches import kept_caches

    if max_bytes is None and older_than is None:
        raise click.UsageError("say how much goes: --max-bytes, --older-than or both")
    since = None if older_than is None else time.time() - older_than * _SECONDS_A_DAY
    dropped = {
        each.name: each.prune(_ANY_SIZE if max_bytes is None else max_bytes, since)
        for each in kept_caches(settings)
        if only in (None, each.name)
    }
    if as_json:
        emit_json({"dropped": dropped})
        return
    for name, count in dropped.items():
        out(f"{name}: dropped {count:,}")
