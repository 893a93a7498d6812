"""`shopkeeper judgments`: look into, merge, split and convert judgment files."""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from shopkeeper.judgment_options import FORMATS, JudgmentReader, judgment_options

if TYPE_CHECKING:
    from evaluation import JudgedQuery, JudgmentFile, Judgments

_IN_OWN_MODULES = {
    "from-events": ("judgments_from_events", "Grade products from shoppers' clicks."),
    "pool": ("judgments_pool", "List the unjudged hits that would settle a comparison."),
}
_FILE = click.Path(path_type=Path, dir_okay=False)
_TO_FORMAT = click.option(
    "--to",
    "to_format",
    type=click.Choice(FORMATS),
    help="Format that is written.  [default: as the file's name ends]",
)
_SHOWN_PROBLEMS = 20
_SHOWN_QUERIES = 10


class _JudgmentsGroup(click.Group):
    """A group some of whose commands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_IN_OWN_MODULES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _IN_OWN_MODULES:
            return super().get_command(ctx, cmd_name)
        name, _ = _IN_OWN_MODULES[cmd_name]
        module = importlib.import_module(f"shopkeeper.commands.{name}")
        return cast("click.Command", getattr(module, name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        rows = [(name, command.get_short_help_str(80)) for name, command in self.commands.items()]
        rows += [(name, help_text) for name, (_, help_text) in _IN_OWN_MODULES.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=_JudgmentsGroup)
def judgments() -> None:
    """Look into, merge, split and convert judgment files.

    Read and written are CSV (query,docid,rating: Quepid, RRE), TREC qrels, JSON of OpenSearch's
    Search Relevance Workbench, and JSON lines of our own.
    """


@judgments.command(
    epilog="\b\nExample:\n  shopkeeper judgments stats judgments.csv --index products"
)
@click.argument("file", type=_FILE)
@click.option("--index", help="Also say which judged products this index does not have.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
def stats(file: Path, index: str | None, as_json: bool, reader: JudgmentReader) -> None:
    """Say what a judgment FILE holds, and what in it cannot be used.

    Exit status: 0 all of it can be used, 1 it has problems.
    """
    import sys

    from shopkeeper.console import emit_json
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        found = reader.read(file)
    unknown = None if index is None else _unknown_products(found.judgments, index)
    if as_json:
        emit_json(_stats_json(found, unknown))
    else:
        _print_stats(found, unknown)
    if found.problems:
        sys.exit(1)


@judgments.command(
    epilog="\b\nExample:\n  shopkeeper judgments merge raters.csv clicks.jsonl --output all.jsonl"
)
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option("--output", type=_FILE, required=True, help="File that is written.")
@click.option(
    "--conflict",
    type=click.Choice(["error", "first", "last", "highest", "lowest"]),
    default="error",
    show_default=True,
    help="Which grade counts when files differ.",
)
@_TO_FORMAT
@judgment_options
def merge(
    files: tuple[Path, ...],
    output: Path,
    conflict: str,
    to_format: str | None,
    reader: JudgmentReader,
) -> None:
    """Join judgment FILES into one."""
    from shopkeeper.console import note
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from evaluation import Conflict, merge_judgments

    lists = [reader.read(file).checked() for file in files]
    merged = merge_judgments(lists, Conflict(conflict))
    for line in merged.conflicts[:_SHOWN_PROBLEMS]:
        note(f"different grades, {conflict} counts: {line}")
    if len(merged.conflicts) > _SHOWN_PROBLEMS:
        note(f"… and {len(merged.conflicts) - _SHOWN_PROBLEMS} more")
    _write(merged.judgments, output, to_format)


@judgments.command(
    epilog="\b\nExample:\n  shopkeeper judgments split all.csv tune.csv check.csv --share 0.3"
)
@click.argument("file", type=_FILE)
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
@click.option(
    "--share",
    type=click.FloatRange(min=0, max=1, min_open=True, max_open=True),
    default=0.3,
    show_default=True,
    help="Of the queries that go into SECOND.",
)
@click.option("--seed", default=0, show_default=True, help="Equal seeds divide equally.")
@_TO_FORMAT
@judgment_options
def split(
    file: Path,
    first: Path,
    second: Path,
    share: float,
    seed: int,
    to_format: str | None,
    reader: JudgmentReader,
) -> None:
    """Divide the queries of FILE at random into FIRST and SECOND."""
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from evaluation import split_judgments

    parts = split_judgments(reader.read(file).checked(), share, seed)
    for part, path in zip(parts, (first, second), strict=True):
        _write(part, path, to_format)


@judgments.command(
    epilog="\b\nExamples:\n  shopkeeper judgments convert judgments.csv judgments.qrels\n"
    "  shopkeeper judgments convert esci.csv graded.jsonl --grade E=3 --grade S=2 --grade C=1 "
    "--grade I=0"
)
@click.argument("file", type=_FILE)
@click.argument("output", type=_FILE)
@_TO_FORMAT
@judgment_options
def convert(file: Path, output: Path, to_format: str | None, reader: JudgmentReader) -> None:
    """Write the judgments of FILE to OUTPUT in another format."""
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        found = reader.read(file).checked()
    _write(found, output, to_format)


def _write(found: "Judgments", path: Path, to_format: str | None) -> None:
    from evaluation import JudgmentFormat, write_judgments
    from shopkeeper.console import counted, note

    written = write_judgments(found, path, None if to_format is None else JudgmentFormat(to_format))
    queries = counted(len(found.queries), "query")
    note(f"wrote {path} ({written}): {counted(len(found), 'judgment')} of {queries}")


def _unknown_products(found: "Judgments", index: str) -> dict[str, int]:
    import asyncio

    from shopkeeper.configuration import load_settings
    from shopkeeper.evaluated_systems import open_systems

    async def unknown() -> dict[str, int]:
        async with open_systems(index) as systems:
            known = await systems.known_products(load_settings(), found.product_ids())
        return dict(found.unknown_products(known))

    return asyncio.run(unknown())


def _stats_json(found: "JudgmentFile", unknown: dict[str, int] | None) -> dict[str, object]:
    from dataclasses import asdict

    from evaluation import judgment_statistics

    return {
        "format": found.format.value,
        **asdict(judgment_statistics(found.judgments)),
        "repeated": found.repeated,
        "problems": [asdict(problem) for problem in found.problems],
        "unknown_products": unknown,
    }


def _print_stats(found: "JudgmentFile", unknown: dict[str, int] | None) -> None:
    from evaluation import judgment_statistics
    from shopkeeper.console import note, table

    counts = judgment_statistics(found.judgments)
    grades = ", ".join(f"{grade}: {number:,}" for grade, number in counts.grades.items())
    rows = [
        ("format", found.format.value),
        ("queries", f"{counts.queries:,}"),
        ("judgments", f"{counts.judgments:,}"),
        ("products", f"{counts.products:,}"),
        ("grades", grades),
        ("judged products of a query, median", f"{counts.median_judgments:g}"),
        ("relevant products of a query, median", f"{counts.median_relevant:g}"),
        ("queries without a relevant product", _some(counts.without_relevant)),
        ("queries whose products all have one grade", _some(counts.same_grade)),
        ("repeated lines", str(found.repeated)),
        ("problems", str(len(found.problems))),
    ]
    if unknown is not None:
        rows.append(("judged products that are not in the index", f"{len(unknown):,}"))
    table(str(found.path), ("what", "value"), rows)
    for problem in found.problems[:_SHOWN_PROBLEMS]:
        note(str(problem))
    if len(found.problems) > _SHOWN_PROBLEMS:
        note(f"… and {len(found.problems) - _SHOWN_PROBLEMS} more")
    for product_id in sorted(unknown or ())[:_SHOWN_PROBLEMS]:
        note(f"not in the index: {product_id}")


def _some(queries: "tuple[JudgedQuery, ...]") -> str:
    texts = [query.text for query in queries[:_SHOWN_QUERIES]]
    more = " …" if len(queries) > _SHOWN_QUERIES else ""
    return f"{len(queries)} ({', '.join(texts)}{more})" if queries else "0"
