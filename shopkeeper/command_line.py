"""The `shopkeeper` command: a table of lazily loaded commands; errors become exit statuses.

Exit status: 0 ok, 1 failed, 2 usage or configuration, 3 upstream (OpenSearch, a download).
"""

import importlib
import sys
from dataclasses import dataclass
from typing import cast

import click

from search_core.errors import (
    ArtifactError,
    CatalogSchemaError,
    ConfigurationError,
    EventLogError,
    FilterError,
    IndexNotFoundError,
    JudgmentsError,
    LanguageModelBudgetError,
    LanguageModelError,
    MeasuredSystemError,
    MeasureError,
    PageError,
    RerankerLanguageError,
    RerankerOverloadedError,
    RerankerTimeoutError,
    RerankerUnavailableError,
    RunFileError,
    SearchEngineError,
    ShopkeeperError,
    TuningError,
)

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_UPSTREAM = 3

# The first class that an error is an instance of decides; anything else is EXIT_FAILED.
_EXIT_STATUS: tuple[tuple[type[ShopkeeperError], int], ...] = (
    (ConfigurationError, EXIT_USAGE),
    (CatalogSchemaError, EXIT_USAGE),
    (FilterError, EXIT_USAGE),
    (PageError, EXIT_USAGE),
    (IndexNotFoundError, EXIT_USAGE),
    (JudgmentsError, EXIT_USAGE),
    (RunFileError, EXIT_USAGE),
    (MeasureError, EXIT_USAGE),
    (EventLogError, EXIT_USAGE),
    (TuningError, EXIT_USAGE),
    (SearchEngineError, EXIT_UPSTREAM),
    (ArtifactError, EXIT_UPSTREAM),
    (RerankerLanguageError, EXIT_USAGE),
    (RerankerOverloadedError, EXIT_UPSTREAM),
    (RerankerTimeoutError, EXIT_UPSTREAM),
    (RerankerUnavailableError, EXIT_UPSTREAM),
    (LanguageModelBudgetError, EXIT_FAILED),
    (LanguageModelError, EXIT_UPSTREAM),
    (MeasuredSystemError, EXIT_UPSTREAM),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LazyCommand:
    module: str
    attribute: str
    help: str


def _in_commands(name: str, help_text: str) -> _LazyCommand:
    return _LazyCommand(module=f"shopkeeper.commands.{name}", attribute=name, help=help_text)


COMMANDS: dict[str, _LazyCommand] = {
    "demo": _in_commands("demo", "Start everything and search a sample shop."),
    "up": _in_commands(
        "up", "Start a local OpenSearch node with k-NN (no Docker, no Java needed)."
    ),
    "down": _in_commands("down", "Stop the local node; its data stay."),
    "status": _in_commands("status", "Say what runs locally, where, and how it is."),
    "catalog": _in_commands("catalog", "Look into a catalogue file and propose its schema."),
    "reindex": _in_commands("reindex", "Index a catalogue file into a new generation and go live."),
    "index": _in_commands("index", "List, roll back, delete, measure and change generations."),
    "cache": _in_commands("cache", "Measure and shrink the caches of vectors and answers."),
    "tags": _in_commands("tags", "Show the tags that products get, and put them right."),
    "search": _in_commands("search", "Search an index from the terminal."),
    "understand": _in_commands("understand", "Show what a query is taken to mean, step by step."),
    "privacy": _in_commands("privacy", "Find and delete what is stored of a shopper."),
    "suggest": _in_commands("suggest", "Show what is suggested while a shopper types."),
    "rules": _in_commands("rules", "Check, preview and extend the shop's query rules."),
    "evaluate": _in_commands(
        "evaluate", "Measure configurations on judgments, compare them, gate a change."
    ),
    "tune": _in_commands("tune", "Look for better settings, and prove them on held-out queries."),
    "preview": _in_commands("preview", "Show rankings before and after a change, and what moved."),
    "ablate": _in_commands("ablate", "Switch each stage off in turn: what is it worth?"),
    "judgments": _in_commands("judgments", "Look into, merge, split and convert judgment files."),
    "serve": _in_commands("serve", "Serve hybrid search to OpenSearch clients and by a JSON API."),
    "reranker": _in_commands(
        "reranker", "Train a cross-encoder, prove it, put it into Triton, roll back, try it."
    ),
    "doctor": _in_commands("doctor", "Check what is installed, reachable and compatible."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called.

    Listing commands imports nothing: `shopkeeper --help` has to answer in 0.3 s.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or `None` when there is none of that name."""
        del ctx
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        return cast(
            "click.Command", getattr(importlib.import_module(entry.module), entry.attribute)
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their help from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `shopkeeper demo`. docs/settings.md lists every setting.",
)
@click.version_option(package_name="shopkeeper", message="%(prog)s %(version)s")
@click.option(
    "--log-level",
    default="warning",
    show_default=True,
    type=click.Choice(["debug", "info", "warning", "error"], case_sensitive=False),
    help="What is logged to stderr.",
)
def cli(log_level: str) -> None:
    """Product search on OpenSearch: index a catalogue, search it, see why each hit ranks there."""
    import logging  # noqa: PLC0415 - not needed for --help

    logging.basicConfig(
        level=log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    logging.getLogger("opensearch").setLevel(
        logging.DEBUG if log_level == "debug" else logging.CRITICAL
    )


def exit_status(error: ShopkeeperError) -> int:
    """Return the process's exit status for an error."""
    return next((status for kind, status in _EXIT_STATUS if isinstance(error, kind)), EXIT_FAILED)


def main() -> None:
    """Run the command line; a `ShopkeeperError` becomes its message and exit status."""
    try:
        cli.main(prog_name="shopkeeper", standalone_mode=True)
    except ShopkeeperError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(exit_status(error))


if __name__ == "__main__":
    main()
