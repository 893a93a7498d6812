"""`shopkeeper down`: stop the local OpenSearch node and Triton."""

from pathlib import Path

import click


@click.command(
    epilog="""\b
Example:
  shopkeeper down --purge --yes

Exit status: 0 nothing runs any more, 1 it could not be stopped, 2 wrong usage or configuration."""
)
@click.option("--purge", is_flag=True, help="Delete the node's indices, configuration and logs.")
@click.option("--triton", is_flag=True, help="Stop Triton only; OpenSearch goes on running.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting.")
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
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def down(
    purge: bool,
    triton: bool,
    yes: bool,
    data_dir: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Stop the local OpenSearch node, and Triton where it runs.

    Indices and models stay, and are there after the next `up`.
    """
    import sys

    from shopkeeper.configuration import load_settings
    from shopkeeper.console import emit_json, out
    from shopkeeper.local_stack import NodeFolder, stop_node, stop_triton

    given = {} if data_dir is None else {"local_stack.data_dir": data_dir}
    settings = load_settings(config, given).local_stack
    folder = NodeFolder.of(settings).path
    if purge and triton:
        raise click.UsageError("--purge deletes OpenSearch's data; it does not go with --triton.")
    if purge and not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("--purge asks before it deletes; without a terminal, add --yes.")
        click.confirm(f"Delete all indices of the local node in {folder}?", abort=True, err=True)
    stopped_triton = stop_triton(settings)
    reranking = {"running": False, "stopped": stopped_triton is not None}
    if triton:
        if as_json:
            emit_json({"triton": reranking})
        else:
            out("Stopped Triton" if stopped_triton else "Triton was not running")
        return
    stopped = stop_node(settings, purge=purge)
    if as_json:
        answer = {"running": False, "stopped": stopped is not None, "purged": purge}
        both = {"opensearch": {**answer, "data_dir": str(folder.parent)}}
        emit_json(both | ({"triton": reranking} if stopped_triton else {}))
        return
    if stopped_triton is not None:
        out(f"Stopped Triton at {stopped_triton.url}")
    out("OpenSearch was not running" if stopped is None else f"Stopped OpenSearch at {stopped.url}")
    if purge:
        out(f"Deleted {folder}")
