"""`shopkeeper index`: the generations behind an alias."""

from typing import TYPE_CHECKING

import click

from shopkeeper.commands.index_apply import apply
from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from indexer import ListedGeneration
    from search_core.settings import Settings

_ALIAS = click.argument("alias", default="products")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def index() -> None:
    """List, roll back, delete, measure and change generations."""


index.add_command(apply)


@index.command("list", epilog="Example: shopkeeper index list products")
@click.argument("alias", required=False)
@_JSON
@settings_options
def list_command(alias: str | None, as_json: bool, settings: "Settings") -> None:
    """List the generations of ALIAS, or of every alias, newest first.

    A generation is live, complete, building (a process writes it), unfinished (its process has
    ended: `reindex --resume` goes on) or failed.
    """
    from indexer import listed_generations
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import emit_json, table

    found = listed_generations(search_engine_client(settings), alias)
    if as_json:
        emit_json(found)
    else:
        table(
            "Generations",
            ("alias", "generation", "state", "products", "MB", "languages", "encoder", "reason"),
            [_row(each) for each in found],
        )


def _row(each: "ListedGeneration") -> tuple[str, ...]:
    description = each.generation.description
    return (
        each.generation.alias,
        each.generation.name,
        each.state.value,
        f"{each.documents:,}",
        f"{each.size_bytes / 1e6:.1f}",
        " ".join(description.languages),
        description.encoder.model_id if description.encoder else "none",
        each.generation.reason,
    )


@index.command(epilog="Example: shopkeeper index rollback products")
@_ALIAS
@_JSON
@settings_options
def rollback(alias: str, as_json: bool, settings: "Settings") -> None:
    """Put the generation live that was so before, in one step."""
    from search_engine import Generations
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import emit_json, out

    before, now = Generations(search_engine_client(settings), alias).rollback()
    if as_json:
        emit_json({"alias": alias, "before": before.name, "live": now.name})
    else:
        out(f"{alias} is live on {now.name}, before on {before.name}")


@index.command(epilog="Example: shopkeeper index publish products products-20261124-081530-3fa9")
@click.argument("alias")
@click.argument("generation")
@_JSON
@settings_options
def publish(alias: str, generation: str, as_json: bool, settings: "Settings") -> None:
    """Put a complete GENERATION live, e.g. one of `reindex --no-swap`."""
    from search_engine import Generations
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import emit_json, out

    generations = Generations(search_engine_client(settings), alias)
    deleted = generations.publish(generation, keep=settings.indexer.keep_generations)
    if as_json:
        emit_json({"alias": alias, "live": generation, "deleted": deleted})
    else:
        out(f"{alias} is live on {generation}; deleted: {', '.join(deleted) or 'nothing'}")


_DELETE_EXAMPLES = """\b
Examples:
  shopkeeper index delete products products-20261124-081530-3fa9
  shopkeeper index delete trial --all
"""


@index.command(epilog=_DELETE_EXAMPLES)
@click.argument("alias")
@click.argument("generation", required=False)
@click.option("--all", "everything", is_flag=True, help="All generations, and with them the alias.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_JSON
@settings_options
def delete(
    alias: str,
    generation: str | None,
    everything: bool,
    yes: bool,
    as_json: bool,
    settings: "Settings",
) -> None:
    """Delete a GENERATION that is neither live nor being written, or all of ALIAS.

    Tags that people have corrected by hand are kept, for a later index of that name.
    """
    from indexer import delete_all_generations, delete_generation
    from search_engine import Generations
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import emit_json, out

    if (generation is None) != everything:
        raise click.UsageError("name one generation, or give --all instead")
    client = search_engine_client(settings)
    if everything:
        Generations(client, alias).require_any()
    if not yes:
        what = f"every generation of {alias}, the live one too," if everything else generation
        click.confirm(f"Delete {what} for good?", abort=True, err=True)
    if generation is None:
        deleted = delete_all_generations(client, alias)
    else:
        delete_generation(client, alias, generation)
        deleted = (generation,)
    if as_json:
        emit_json({"alias": alias, "deleted": list(deleted) if everything else generation})
    else:
        out(f"deleted {', '.join(deleted)}")


@index.command(epilog="Example: shopkeeper index stats products --json")
@_ALIAS
@_JSON
@settings_options
def stats(alias: str, as_json: bool, settings: "Settings") -> None:
    """Say what the live generation of ALIAS holds: products, vectors, bytes, segments."""
    from search_engine import Generations, generation_statistics
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import emit_json, table

    client = search_engine_client(settings)
    live = Generations(client, alias).require_live()
    figures = generation_statistics(client, live.name)
    if as_json:
        emit_json({"generation": live, "statistics": figures})
        return
    encoder = live.description.encoder
    table(
        f"{alias}: {live.name}",
        ("figure", "value"),
        [
            ("products", f"{figures.documents:,}"),
            ("vectors", f"{figures.vectors:,}"),
            ("size", f"{figures.size_bytes / 1e6:.1f} MB"),
            ("segments", f"{figures.segments:,} in {figures.shards} shards"),
            ("replicas", str(figures.replicas)),
            ("languages", " ".join(live.description.languages) or "not determined"),
            ("encoder", f"{encoder.model_id} ({encoder.dimension})" if encoder else "none"),
            ("encoded text", live.description.passage_template),
            (
                "live since",
                f"{live.published_at:%Y-%m-%d %H:%M:%S} UTC" if live.published_at else "",
            ),
        ],
    )
