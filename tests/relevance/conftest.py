"""A catalogue indexed as `shopkeeper reindex` does, and measured with the default settings."""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from evaluation import measure_run, parse_measures, read_judgments, run_queries
from indexer import ReindexRequest, ReindexTools, reindex
from search_core.settings import Settings
from shopkeeper.composition import reindex_tools
from shopkeeper.configuration import load_settings
from shopkeeper.evaluated_systems import open_systems
from shopkeeper.sample_shop import products_path

Measured = Callable[[Path, Path], Mapping[str, float]]
"""Catalogue and judgments → measure's name → mean."""


@pytest.fixture(scope="session")
def settings(opensearch_url: str) -> Settings:
    """The default settings, on the session's node."""
    return load_settings(None, {"search_engine.url": opensearch_url}, environment={})


@pytest.fixture
def measured(settings: Settings) -> Iterator[Measured]:
    """Indexes a catalogue, measures it with the default configuration, and deletes it after."""
    alias = f"test-{secrets.token_hex(6)}"
    tools = reindex_tools(settings)

    def measure(catalogue: Path, judgments_file: Path) -> Mapping[str, float]:
        reindex(ReindexRequest(catalog=catalogue, alias=alias), tools)
        judgments = read_judgments(judgments_file).checked()

        async def run():
            async with open_systems(alias) as systems:
                system = await systems.configured("default", settings)
                depth = settings.evaluation.depth
                return await run_queries(system, judgments.queries, depth=depth)

        found = asyncio.run(run())
        assert found.degraded() == {}
        evaluation = measure_run(found, judgments, parse_measures(settings.evaluation.measures))
        return {each.name: evaluation.mean(each) for each in evaluation.measures}

    yield measure
    _delete(tools, alias)


@pytest.fixture(scope="session")
def sample_shop(settings: Settings) -> Iterator[str]:
    """The sample shop indexed with the default configuration, for all tests that only search it."""
    alias = f"test-{secrets.token_hex(6)}"
    tools = reindex_tools(settings)
    reindex(ReindexRequest(catalog=products_path(), alias=alias), tools)
    yield alias
    _delete(tools, alias)


def _delete(tools: ReindexTools, alias: str) -> None:
    # The lexicon and what else lies beside a generation are hidden.
    everything = {"ignore_unavailable": "true", "expand_wildcards": "all"}
    tools.client.indices.delete(index=f"{alias}*", params=everything)
    tools.client.close()
