"""How OpenSearch is reached, and a client for it."""

from typing import TYPE_CHECKING

from search_core.settings import SearchEngineSettings, Settings

if TYPE_CHECKING:
    from opensearchpy import OpenSearch


def search_engine_settings(settings: Settings) -> SearchEngineSettings:
    """Return how OpenSearch is reached: as set, else the local node where one runs."""
    from shopkeeper.local_stack import running_node  # noqa: PLC0415 - loads the whole local stack

    section = settings.search_engine
    if "url" in section.model_fields_set:
        return section
    node = running_node(settings.local_stack)
    return section if node is None else section.model_copy(update={"url": node.url})


def search_engine_client(settings: Settings) -> "OpenSearch":
    """Return a client for indexing and administration."""
    from search_engine import connect  # noqa: PLC0415 - the client costs 0.2 s

    return connect(search_engine_settings(settings))
