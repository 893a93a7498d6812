"""The composition root: settings → adapters, handed to the packages that use them."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from search_core import EncoderIdentity, ProgressListener, SilentProgress, TextEncoder
from search_core.settings import SearchEngineSettings, Settings

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

    from artifacts import ArtifactStore
    from retrieval import EncoderProvider, Retriever


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


def cache_dir(settings: Settings) -> Path:
    """Return the folder of downloads and vectors."""
    from artifacts import default_cache_dir  # noqa: PLC0415

    return settings.local_stack.cache_dir or default_cache_dir()


def artifact_store(settings: Settings, progress: ProgressListener | None = None) -> "ArtifactStore":
    """Return the store of downloaded files."""
    from artifacts import ArtifactStore  # noqa: PLC0415

    return ArtifactStore(cache_dir(settings), progress or SilentProgress())


def encoder_provider(
    settings: Settings, progress: ProgressListener | None = None
) -> "EncoderProvider":
    """Return a function that loads the encoder of an index once and keeps it."""
    from encoders import encoder_for_model_id  # noqa: PLC0415 - loads ONNX Runtime

    store = artifact_store(settings, progress)
    loaded: dict[str, TextEncoder] = {}
    lock = threading.Lock()

    def provide(identity: EncoderIdentity) -> TextEncoder:
        with lock:
            if identity.model_id not in loaded:
                loaded[identity.model_id] = encoder_for_model_id(
                    identity.model_id, settings.encoders, store
                )
            return loaded[identity.model_id]

    return provide


@asynccontextmanager
async def open_retriever(
    settings: Settings, progress: ProgressListener | None = None
) -> "AsyncIterator[Retriever]":
    """Yield a retriever inside the running event loop, and close its connections afterwards."""
    from retrieval import Retriever  # noqa: PLC0415
    from search_engine import Searcher, connect_async  # noqa: PLC0415

    searcher = Searcher(connect_async(search_engine_settings(settings)))
    try:
        yield Retriever(searcher, settings.retrieval, encoder_provider(settings, progress))
    finally:
        await searcher.close()
