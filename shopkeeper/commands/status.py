"""`shopkeeper status`: what runs locally, and how it is."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from search_core.settings import Settings
    from shopkeeper.local_stack import NodeReport, NodeStatus, ServedModel, TritonStatus
    from shopkeeper.reranker_report import RerankerReport


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
    model ready whose process has died. Where something reorders search results ([reranker]), its
    models, its learned mixing and what is to be looked at are shown too.
    """
    import sys

    from shopkeeper.configuration import load_settings
    from shopkeeper.console import emit_json
    from shopkeeper.local_stack import (
        NodeFolder,
        TritonFolder,
        describe_node,
        describe_triton,
        running_node,
        running_triton,
    )

    given = {} if data_dir is None else {"local_stack.data_dir": data_dir}
    every = load_settings(config, given)
    settings = every.local_stack
    node = running_node(settings)
    triton = running_triton(settings)
    found = _Found(
        node=node,
        report=describe_node(node) if node else None,
        triton=triton,
        triton_was_started=triton is not None or TritonFolder.of(settings).state_file.exists(),
        models=describe_triton(triton) if triton else None,
        reranker=_reranker(every),
    )
    if as_json:
        emit_json(_as_json(found))
    else:
        _print(found, NodeFolder.of(settings).path.parent)
    if not found.is_well:
        sys.exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What runs of the local stack."""

    node: "NodeStatus | None"
    report: "NodeReport | None"
    """`None`: the node does not answer."""
    triton: "TritonStatus | None"
    triton_was_started: bool
    models: "tuple[ServedModel, ...] | None"
    """`None`: Triton does not answer."""
    reranker: "RerankerReport | None"
    """`None`: nothing reorders search results."""

    @property
    def triton_is_well(self) -> bool:
        return self.models is not None and all(each.answers for each in self.models)

    @property
    def is_well(self) -> bool:
        return self.report is not None and (self.triton_is_well or not self.triton_was_started)


def _as_json(found: _Found) -> dict[str, object]:
    node, report, triton = found.node, found.report, found.triton
    answer: dict[str, object] = {"running": node is not None, "answers": report is not None}
    answer |= {"started_at": node.started_at} if node else {}
    for part in (node, report):
        answer |= asdict(part) if part else {}
    both: dict[str, object] = {"opensearch": answer}
    if found.triton_was_started:
        where = asdict(triton) | {"url": triton.url} if triton else {}
        state = {
            "running": triton is not None,
            "answers": found.triton_is_well,
            "models": found.models,
        }
        both["triton"] = state | where
    if found.reranker is not None:
        both["reranker"] = found.reranker
    return both


def _reranker(settings: "Settings") -> "RerankerReport | None":
    if not settings.reranker.reorders:
        return None
    from shopkeeper.reranker_report import describe_reranker  # loads ONNX Runtime

    return describe_reranker(settings)


def _print(found: _Found, data_dir: Path) -> None:
    from shopkeeper.console import out, table

    if found.node is None:
        out(f"OpenSearch is not running (data folder: {data_dir})")
    else:
        table("OpenSearch", ("what", "value"), _rows(found.node, found.report))
    if found.triton is not None:
        table("Triton", ("what", "value"), _triton_rows(found.triton, found.models))
    elif found.triton_was_started:
        out("Triton is not running any more; `shopkeeper up --triton` starts it")
    if found.reranker is not None:
        table("Reranker", ("what", "value"), _reranker_rows(found.reranker))


def _reranker_rows(report: "RerankerReport") -> list[tuple[str, str]]:
    where = "" if report.url is None else f" at {report.url}"
    rows = [("kind", f"{report.kind.value}{where}")]
    for each in report.models:
        states = {None: "", True: " answers", False: " does not answer"}
        named = f"{each.name} {each.model_id}" if each.model_id else each.name
        rows.append(
            (each.language or "all others", f"{named}{states[each.answers]}, weight {each.weight}")
        )
    if report.mixing is not None:
        used = "" if report.mixing.in_use else ", not in use"
        rows.append(
            ("mixing", f"{report.mixing.file}, learned from {report.mixing.queries} queries{used}")
        )
    return [*rows, *(("warning", each) for each in report.warnings)]


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
    from shopkeeper.console import counted

    rows = [
        ("address", node.url),
        ("version", node.version),
        ("health", report.health if report else "does not answer"),
    ]
    if report:
        heap = f"{format_bytes(report.heap_used_bytes)} of {format_bytes(report.heap_max_bytes)}"
        disk = f"{format_bytes(report.disk_free_bytes)} of {format_bytes(report.disk_total_bytes)}"
        rows += [
            ("indices", f"{report.indices} ({counted(report.documents, 'document')})"),
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
