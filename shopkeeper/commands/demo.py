"""`shopkeeper demo`."""

from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from search_core.settings import Settings


@click.command(
    epilog="""\b
Example:
  shopkeeper demo

Stop the node with `shopkeeper down`; `shopkeeper down --purge` also deletes the sample shop.
Exit status: 0 it worked, 1 it did not, 2 wrong usage or configuration, 3 a download or OpenSearch
failed."""
)
@click.option("--index", default="sample-shop", show_default=True, help="Alias to index under.")
@settings_options
def demo(index: str, settings: "Settings") -> None:
    """Start OpenSearch, index the sample shop, and search it with explanations.

    The first run downloads the node and two models (about 300 MB) into the user's cache folder;
    later runs need no network.
    """
    import asyncio

    from shopkeeper.demo import index_sample_shop, show_searches, start_search_engine

    start_search_engine(settings)
    index_sample_shop(settings, index)
    asyncio.run(show_searches(settings, index))
