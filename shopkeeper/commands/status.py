"""`shopkeeper status`: what runs locally, and how it is."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from shopkeeper.local_stack import NodeReport, NodeStatus


@click.command(
    epilog="""\b
Example:
  shopkeeper status --json

Exit status: 0 the node runs and answers, 1 it does not, 2 wrong usage or configuration."""
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="The node's folder.  [default: local_stack.data_dir, the user's data folder]",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file.  [default: shopkeeper.toml, if there is one]",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(
    data_dir: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Say whether the local OpenSearch node runs, where, and how it is."""
    import dataclasses
    import sys

    from shopkeeper.configuration import load_settings
    from shopkeeper.console import emit_json, out, table
    from shopkeeper.local_stack import NodeFolder, describe_node, running_node

    given = {} if data_dir is None else {"local_stack.data_dir": data_dir}
    settings = load_settings(config, given).local_stack
    node = running_node(settings)
    report = describe_node(node) if node else None
    if as_json:
        answer: dict[str, object] = {"running": node is not None, "answers": report is not None}
        answer |= {"started_at": node.started_at} if node else {}
        for part in (node, report):
            answer |= dataclasses.asdict(part) if part else {}
        emit_json({"opensearch": answer})
    elif node is None:
        out(f"OpenSearch is not running (data folder: {NodeFolder.of(settings).path.parent})")
    else:
        table("OpenSearch", ("what", "value"), _rows(node, report))
    if report is None:
        sys.exit(1)


def _rows(node: "NodeStatus", report: "NodeReport | None") -> list[tuple[str, str]]:
    from artifacts import format_bytes

    rows = [
        ("address", node.url),
        ("version", node.version),
        ("health", report.health if report else "does not answer"),
    ]
    if report:
        heap = f"{format_bytes(report.heap_used_bytes)} of {format_bytes(report.heap_max_bytes)}"
        disk = f"{format_bytes(report.disk_free_bytes)} of {format_bytes(report.disk_total_bytes)}"
        rows += [
            ("indices", f"{report.indices} ({report.documents:,} documents)"),
            ("index size", format_bytes(report.index_bytes)),
            ("disk free", disk),
            ("heap used", heap),
        ]
    account = f", account {node.account}" if node.account else ""
    return [
        *rows,
        ("process", f"{node.pid}{account}, since {node.started_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("java", f"{node.java_version} ({node.java_home})"),
        ("data", node.data_dir),
        ("log", node.log_path),
    ]
