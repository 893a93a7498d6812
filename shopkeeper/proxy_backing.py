"""What a worker of the proxy searches with, made again when its settings change."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from query_proxy import (
    Backing,
    PlainPlanner,
    Planner,
    ProxyApplication,
    Searching,
    calm_collector,
    shared_exposition,
)
from search_core import ConfigurationError
from search_core.settings import EncoderSettings, SearchEngineSettings, Settings
from shopkeeper.composition import (
    encoder_provider,
    open_retriever,
    query_understanding,
    search_engine_client,
    search_engine_settings,
)
from shopkeeper.settings_origin import SettingsOrigin

if TYPE_CHECKING:
    from query_understanding import CatalogueSource, QueryUnderstanding
    from retrieval import EncoderProvider, Retriever

_logger = logging.getLogger(__name__)


class ProxyBackings:
    """Makes backings; a model that is loaded serves all of them.

    One instance a worker, used by one thread at a time.
    """

    def __init__(self, origin: SettingsOrigin | None, settings: Settings) -> None:
        """Keep where settings come from.

        Args:
            origin: read again at each `load`; `None`: the settings stay as they are.
            settings: what it gave at the start.
        """
        self._origin = origin
        self._settings = settings
        self._encoders: tuple[EncoderSettings, EncoderProvider] | None = None
        self._catalogues: tuple[SearchEngineSettings, CatalogueSource] | None = None

    def first(self) -> Backing:
        """Return the backing at the start of a worker.

        A worker that replaces one that died starts with the newest settings, and with those of the
        server's start where the newest cannot be used: better old settings than no worker.

        Raises:
            ConfigurationError: the settings of the start cannot be used any more, either.
        """
        try:
            return self.load()
        except ConfigurationError as error:
            _logger.warning("settings_of_the_start code=%s: %s", error.code, error.message)
            return self._backing(self._settings)

    def load(self) -> Backing:
        """Read the settings as they are now, and build on them: see `BackingSource`."""
        settings = self._settings if self._origin is None else self._origin.load()
        backing = self._backing(settings)
        self._settings = settings
        return backing

    def files(self) -> Sequence[Path]:
        """Return the files that the settings last read came from."""
        return () if self._origin is None else self._origin.files(self._settings)

    def _backing(self, settings: Settings) -> Backing:
        resolved = settings.model_copy(update={"search_engine": search_engine_settings(settings)})
        encoders = self._provider(resolved)
        catalogues = self._known_catalogues(resolved)
        understanding = query_understanding(resolved, catalogues=catalogues)
        planner: Planner = understanding or PlainPlanner()

        @asynccontextmanager
        async def opened() -> "AsyncIterator[Retriever]":
            async with open_retriever(resolved, encoders=encoders) as retriever:
                try:
                    yield retriever
                finally:
                    await _closed(understanding)

        @asynccontextmanager
        async def open_variant(settings: Settings, rules: str | None) -> AsyncIterator[Searching]:
            other = query_understanding(settings, rules, catalogues)
            async with open_retriever(settings, encoders=encoders) as retriever:
                try:
                    yield Searching(retriever=retriever, planner=other or PlainPlanner())
                finally:
                    await _closed(other)

        return Backing(
            settings=resolved,
            open_retriever=opened,
            planner=planner,
            encoder_for=encoders,
            open_variant=open_variant,
        )

    def _provider(self, settings: Settings) -> "EncoderProvider":
        if self._encoders is None or self._encoders[0] != settings.encoders:
            self._encoders = (settings.encoders, encoder_provider(settings))
        return self._encoders[1]

    def _known_catalogues(self, settings: Settings) -> "CatalogueSource":
        from query_understanding import CatalogueSource  # noqa: PLC0415

        engine = settings.search_engine
        if self._catalogues is None or self._catalogues[0] != engine:
            self._catalogues = (engine, CatalogueSource(search_engine_client(settings)))
        return self._catalogues[1]


async def _closed(understanding: "QueryUnderstanding | None") -> None:
    """Close the connections of what read the queries, which waits for what is under way there."""
    if understanding is not None:
        await asyncio.to_thread(understanding.close)


def proxy_application(
    origin: SettingsOrigin | None, settings: Settings, metrics_folder: Path | None = None
) -> ProxyApplication:
    """Return the proxy of one worker.

    Args:
        origin: where its settings come from, and are read again when they change; `None`: they
            stay as they are.
        settings: what that gave when the server started.
        metrics_folder: shared by several workers; `None`: this is the only one.
    """
    backings = ProxyBackings(origin, settings)
    return ProxyApplication(
        backings.first(),
        source=None if origin is None else backings,
        metrics_of_all=None if metrics_folder is None else shared_exposition(metrics_folder),
        once_open=calm_collector,
    )
