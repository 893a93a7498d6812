"""One call of `shopkeeper preview`: the queries with the present settings and with the change."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation import JudgedQuery, Judgments, QueryPreview, Run, preview_queries, run_queries
from search_core import ConfigurationError, ProgressListener
from search_core.settings import Settings
from shopkeeper.configuration import load_settings
from shopkeeper.evaluated_systems import open_systems, run_cache
from shopkeeper.setting_overrides import resolved_overrides

_DEPTH = 100
"""Hits asked for, so that it can be said where a product came from or went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRequest:
    """Which change is looked at, on which queries."""

    index: str
    config: Path | None
    """The present settings; `None`: `shopkeeper.toml` or the defaults."""
    candidate: Path | None
    """Settings after the change; `None`: the present ones."""
    overrides: tuple[str, ...]
    """`SETTING=VALUE` on top, names may be shortened."""
    queries: Sequence[JudgedQuery]
    judgments: Judgments | None
    size: int
    """Hits that a shopper sees."""


def preview_change(request: PreviewRequest, progress: ProgressListener) -> tuple[QueryPreview, ...]:
    """Ask the queries before and after the change.

    Raises:
        ConfigurationError: settings that are wrong, or no change at all.
        EvaluationError: a query was not answered.
        SearchEngineError: OpenSearch cannot be reached.
    """
    overrides = resolved_overrides(request.overrides)
    before = load_settings(request.config)
    after = load_settings(request.candidate or request.config, overrides)
    if before == after:
        raise ConfigurationError(
            "before and after are the same settings, so nothing could move",
            remedy="name a change: --set fusion.dense_weight=2, or --candidate new.toml",
        )
    runs = asyncio.run(_runs(request, before, after, progress))
    return preview_queries(*runs, request.queries, request.judgments, request.size)


async def _runs(
    request: PreviewRequest, before: Settings, after: Settings, progress: ProgressListener
) -> tuple[Run, Run]:
    async with open_systems(request.index, progress) as systems:
        first, second = [
            await run_queries(
                await systems.configured(name, settings),
                request.queries,
                depth=max(_DEPTH, request.size),
                cache=run_cache(settings),
                progress=progress,
            )
            for name, settings in (("before", before), ("after", after))
        ]
    return first, second
