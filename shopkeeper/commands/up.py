"""`shopkeeper up`: start the local OpenSearch node."""

from pathlib import Path

import click


@click.command(
    epilog="""\b
Example:
  shopkeeper up --heap-mb 2048

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
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file.  [default: shopkeeper.toml, if there is one]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the node as JSON.")
def up(
    port: int | None,
    heap_mb: int | None,
    data_dir: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Start a local OpenSearch node with k-NN, and wait until it is healthy.

    What it needs is downloaded once (about 200 MB, and 35 MB more where no Java 21 or newer is
    installed). The node goes on running until `shopkeeper down`. If it runs already, nothing
    happens.
    """
    import dataclasses
    import os

    from shopkeeper.configuration import load_settings
    from shopkeeper.console import emit_json, note, out, progress
    from shopkeeper.local_stack import start_node

    flags = {
        "local_stack.http_port": port,
        "local_stack.heap_mb": heap_mb,
        "local_stack.data_dir": data_dir,
    }
    given = {name: value for name, value in flags.items() if value is not None}
    settings = load_settings(config, given).local_stack
    with progress() as listener:
        status = start_node(settings, listener)
    ran_already = status.starter_pid != os.getpid()
    if as_json:
        node = {"running": True, "ran_already": ran_already, "started_at": status.started_at}
        emit_json({"opensearch": node | dataclasses.asdict(status)})
        return
    state = "is running already" if ran_already else "is running"
    out(f"OpenSearch {status.version} {state} at {status.url}")
    note("Stop it with: shopkeeper down")
