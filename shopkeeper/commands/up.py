"""`shopkeeper up`: start the local OpenSearch node, and Triton where it is wanted."""

from pathlib import Path

import click

_NAMES = {"opensearch": "OpenSearch", "triton": "Triton"}


@click.command(
    epilog="""\b
Example:
  shopkeeper up --heap-mb 2048
  shopkeeper up --triton

Exit status: 0 it runs, 1 it could not be started, 2 wrong usage or configuration,
3 a download failed."""
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="HTTP port; 0 takes 9200 or the next free one.  [default: local_stack.http_port, 0]",
)
@click.option(
    "--heap-mb",
    type=click.IntRange(min=256),
    help="Java heap in MB.  [default: local_stack.heap_mb, 1024]",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for data and logs.  [default: local_stack.data_dir, the user's data folder]",
)
@click.option(
    "--triton",
    is_flag=True,
    help="Start Triton as well, which serves the reranker; Linux x86_64 only.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file.  [default: shopkeeper.toml, if there is one]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the node as JSON.")
def up(
    port: int | None,
    heap_mb: int | None,
    data_dir: Path | None,
    triton: bool,
    config: Path | None,
    as_json: bool,
) -> None:
    """Start a local OpenSearch node with k-NN, and wait until it is healthy.

    What it needs is downloaded once (about 200 MB, and 35 MB more where no Java 21 or newer is
    installed). The node goes on running until `shopkeeper down`. If it runs already, nothing
    happens.

    With --triton, a real Triton server is started too (about 130 MB of downloads once, and 90 MB
    for the model that `shopkeeper reranker install` puts there). `reranker.kind=triton` uses it.
    """
    import dataclasses
    import os

    from shopkeeper.configuration import load_settings
    from shopkeeper.console import emit_json, note, out, progress
    from shopkeeper.local_stack import NodeStatus, TritonStatus, start_node
    from shopkeeper.served_models import start_local_triton

    flags = {
        "local_stack.http_port": port,
        "local_stack.heap_mb": heap_mb,
        "local_stack.data_dir": data_dir,
    }
    given = {name: value for name, value in flags.items() if value is not None}
    every = load_settings(config, given)
    servers: dict[str, NodeStatus | TritonStatus] = {}
    with progress() as listener:
        servers["opensearch"] = start_node(every.local_stack, listener)
        if triton:
            servers["triton"] = start_local_triton(every, listener)
    if as_json:
        emit_json(
            {
                name: {"running": True, "ran_already": each.starter_pid != os.getpid()}
                | {"started_at": each.started_at, "url": each.url}
                | dataclasses.asdict(each)
                for name, each in servers.items()
            }
        )
        return
    for name, each in servers.items():
        state = "is running" if each.starter_pid == os.getpid() else "is running already"
        out(f"{_NAMES[name]} {each.version} {state} at {each.url}")
    note("Stop with: shopkeeper down")
