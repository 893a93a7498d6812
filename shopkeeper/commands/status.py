"""`shopkeeper status`: what runs locally, and how it is."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from shopkeeper.local_stack import NodeReport, NodeStatus, ServedModel, TritonStatus


@click.command(
    epilog="""\b
Example:
  shopkeeper status --json

Exit status: 0 what was started runs and answers, 1 it does not, 2 wrong usage or configuration."""
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
    """Say whether the local OpenSearch node and Triton run, where, and how they are.

    Triton is shown where it was started. Each of its models computes once, since Triton calls a
    model ready whose process has died.
    """
    import dataclasses
    import sys

    from shopkeeper.configuration import load_settings
    from shopkeeper.console import emit_json, out, table
    from shopkeeper.local_stack import (
        NodeFolder,
        TritonFolder,
        describe_node,
        describe_triton,
        running_node,
        running_triton,
    )

    given = {} if data_dir is None else {"local_stack.data_dir": data_dir}
    settings = load_settings(config, given).local_stack
    node = running_node(settings)
    report = describe_node(node) if node else None
    triton = running_triton(settings)
    was_started = triton is not None or TritonFolder.of(settings).state_file.exists()
    models = describe_triton(triton) if triton else None
    is_well = models is not None and all(each.answers for each in models)
    if as_json:
        answer: dict[str, object] = {"running": node is not None, "answers": report is not None}
        answer |= {"started_at": node.started_at} if node else {}
        for part in (node, report):
            answer |= dataclasses.asdict(part) if part else {}
        both: dict[str, object] = {"opensearch": answer}
        if was_started:
            where = dataclasses.asdict(triton) | {"url": triton.url} if triton else {}
            state = {"running": triton is not None, "answers": is_well, "models": models}
            both["triton"] = state | where
        emit_json(both)
    elif node is None:
        out(f"OpenSearch is not running (data folder: {NodeFolder.of(settings).path.parent})")
    else:
        table("OpenSearch", ("what", "value"), _rows(node, report))
    if was_started and not as_json:
        if triton is None:
            out("Triton is not running any more; `shopkeeper up --triton` starts it")
        else:
            table("Triton", ("what", "value"), _triton_rows(triton, models))
    if report is None or (was_started and not is_well):
        sys.exit(1)


def _triton_rows(
    triton: "TritonStatus", models: "tuple[ServedModel, ...] | None"
) -> list[tuple[str, str]]:
    rows = [("address", f"{triton.url} (gRPC)"), ("version", triton.version)]
    if models is None:
        rows.append(("health", "does not answer"))
    for each in models or ():
        state = "answers" if each.answers else "does not answer"
        rows.append((each.name, f"version {each.version} {state}"))
    return [
        *rows,
        ("process", f"{triton.pid}, since {triton.started_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("metrics", f"http://127.0.0.1:{triton.metrics_port}/metrics"),
        ("models", triton.repository),
        ("log", triton.log_path),
    ]


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
