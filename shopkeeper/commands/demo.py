"""`shopkeeper demo`."""

from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from search_core.settings import Settings


@click.command(
    epilog="""\b
Examples:
  shopkeeper demo
  shopkeeper demo --port 8080
  shopkeeper demo --no-page

Ctrl-C stops the page. Stop the node with `shopkeeper down`; `shopkeeper down --purge` also deletes
the sample shop.
Exit status: 0 it worked, 1 it did not, 2 wrong usage or configuration, 3 a download or OpenSearch
failed."""
)
@click.option("--index", default="sample-shop", show_default=True, help="Alias to index under.")
@click.option(
    "--page/--no-page",
    default=True,
    show_default=True,
    help="Serve the search page at the end, until it is stopped.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port of the page; 0 takes a free one.  "
    "[default: query_proxy.port, 9280, or a free one where that is taken]",
)
@settings_options
def demo(index: str, page: bool, port: int | None, settings: "Settings") -> None:
    """Start OpenSearch, index the sample shop, explain searches of it, and serve its search page.

    The first run downloads the node and two models (about 300 MB) into the user's cache folder;
    later runs need no network.
    """
    import asyncio

    from shopkeeper.demo import index_sample_shop, serve_page, show_searches, start_search_engine

    if port is not None:
        section = settings.query_proxy.model_copy(update={"port": port})
        settings = settings.model_copy(update={"query_proxy": section})
    start_search_engine(settings)
    index_sample_shop(settings, index)
    asyncio.run(show_searches(settings, index))
    if page:
        serve_page(settings, index)
