"""`shopkeeper serve`."""

import logging
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from query_proxy import ProxyApplication
    from search_core.settings import Settings
    from shopkeeper.settings_origin import SettingsOrigin

_EXAMPLES = """\b
Examples:
  shopkeeper serve
  shopkeeper serve --index products --port 9280
  shopkeeper serve --host 0.0.0.0 --workers 2 --config shop.toml
  curl "http://127.0.0.1:9280/shop/search?q=red+dress"
"""


@click.command(epilog=_EXAMPLES)
@click.option("--host", help="Address that is listened on.  [default: query_proxy.host, 127.0.0.1]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port; 0 takes a free one.  [default: query_proxy.port, 9280]",
)
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes.  [default: query_proxy.workers, 1]"
)
@click.option(
    "--index",
    "indices",
    multiple=True,
    help="Alias whose searches become hybrid; repeatable.  [default: query_proxy.indices]",
)
@settings_options
def serve(
    host: str | None,
    port: int | None,
    workers: int | None,
    indices: tuple[str, ...],
    settings: "Settings",
) -> None:
    """Serve hybrid search to OpenSearch clients and by a JSON API, until it is stopped.

    Clients use its address instead of OpenSearch's: text searches of the configured indices become
    hybrid, other searches pass through. The JSON API is described by /shop/openapi.json. A changed
    settings file is in force within seconds; SIGHUP has it read at once.
    """
    flags: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    given = {name: value for name, value in flags.items() if value is not None}
    if indices:
        given["indices"] = indices
    section = settings.query_proxy.model_copy(update=given)
    settings = settings.model_copy(update={"query_proxy": section})
    origin = _origin(given)
    if section.workers == 1:
        _run(origin, settings, None)
        return
    with tempfile.TemporaryDirectory(prefix="shopkeeper-metrics-") as folder:
        # Read by prometheus_client when it is imported, here and in the workers.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _run(origin, settings, Path(folder))


def _origin(flags: dict[str, Any]) -> "SettingsOrigin":
    """Return where the settings of this command came from, to read them again while it serves."""
    from shopkeeper.settings_options import parse_overrides
    from shopkeeper.settings_origin import SettingsOrigin

    given = click.get_current_context().params
    overrides = parse_overrides(given["overrides"])
    return SettingsOrigin(config=given["config"], overrides=overrides, proxy_flags=flags)


def _run(origin: "SettingsOrigin", settings: "Settings", metrics_folder: Path | None) -> None:
    from query_proxy import run_server
    from shopkeeper.composition import search_engine_settings
    from shopkeeper.console import note

    engine = search_engine_settings(settings).url
    section = settings.query_proxy
    if not section.callers and section.host not in ("127.0.0.1", "localhost", "::1"):
        note("warning: other machines can reach the proxy, and no callers are configured")
    run_server(
        partial(_application, origin, settings, metrics_folder, logging.getLogger().level),
        section,
        lambda address: note(
            f"{address} serves {', '.join(section.indices)} from {engine}; Ctrl-C stops it"
        ),
    )


def _application(
    origin: "SettingsOrigin", settings: "Settings", metrics_folder: Path | None, log_level: int
) -> "ProxyApplication":
    """Build the application of a worker, which may be a process of its own without logging."""
    from shopkeeper.proxy_backing import proxy_application

    logging.basicConfig(
        level=log_level,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    return proxy_application(origin, settings, metrics_folder)
