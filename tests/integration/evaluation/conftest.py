"""The sample shop in a real index without vectors, and settings that find it."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import ReindexRequest, reindex
from search_core.settings import Settings
from shopkeeper.composition import reindex_tools
from shopkeeper.configuration import load_settings
from shopkeeper.sample_shop import products_path


@pytest.fixture(scope="session")
def runs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def shop_settings(opensearch_url: str, runs_folder: Path) -> Settings:
    return load_settings(
        None,
        {
            "search_engine.url": opensearch_url,
            "local_stack.cache_dir": runs_folder,
            "evaluation.resamples": 99,
        },
        environment={},
    )


@pytest.fixture(scope="session")
def shop(shop_settings: Settings) -> Iterator[str]:
    """The alias of the sample shop, deleted at the end."""
    alias = f"test-{secrets.token_hex(6)}"
    tools = reindex_tools(shop_settings, vectors=False)
    reindex(ReindexRequest(catalog=products_path(), alias=alias), tools)
    yield alias
    # The lexicon and what else lies beside a generation are hidden.
    everything = {"ignore_unavailable": "true", "expand_wildcards": "all"}
    tools.client.indices.delete(index=f"{alias}*", params=everything)
    tools.client.close()
