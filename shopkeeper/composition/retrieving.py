"""What answers queries."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from search_core import ProgressListener
from search_core.settings import RerankerKind, Settings
from shopkeeper.composition.engine import search_engine_settings
from shopkeeper.composition.models import encoder_provider
from shopkeeper.composition.reranking import mixing_model, open_reranker, usable_mixing

if TYPE_CHECKING:
    from reranker import ScorerSource
    from reranker.mixing import MixingModel
    from retrieval import EncoderProvider, NameCheck, Retriever, WindowReranking


@asynccontextmanager
async def open_retriever(
    settings: Settings,
    progress: ProgressListener | None = None,
    *,
    encoders: "EncoderProvider | None" = None,
    mixing: "MixingModel | None" = None,
    scorers: "ScorerSource | None" = None,
) -> "AsyncIterator[Retriever]":
    """Yield a retriever inside the running event loop, and close its connections afterwards.

    Args:
        settings: all of them.
        progress: told of downloads.
        encoders: models that are loaded already; `None`: they are loaded when they are needed.
        mixing: reorders the window, even where the settings would not; `None`: what the settings
            name.
        scorers: gives the reranker's that are shared, and not closed; `None`: the models are
            loaded.

    Raises:
        RerankerModelError: a model of the settings is missing or broken.
    """
    from retrieval import Retriever  # noqa: PLC0415
    from search_engine import DocumentMemory, Searcher, connect_async  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        reranking = None
        if mixing is not None or settings.reranker.reorders:
            opening = _open_reranking(settings, progress, mixing, scorers)
            reranking = await stack.enter_async_context(opening)
        memory = DocumentMemory(settings.retrieval.remembered_bytes)
        searcher = Searcher(connect_async(search_engine_settings(settings)), memory=memory)
        stack.push_async_callback(searcher.close)
        # Something may still refer to the retriever: what it held is not kept for that.
        stack.callback(memory.clear)
        yield Retriever(
            searcher,
            settings.retrieval,
            encoders or encoder_provider(settings, progress),
            reranking=reranking,
        )


@asynccontextmanager
async def _open_reranking(
    settings: Settings,
    progress: ProgressListener | None,
    mixing: "MixingModel | None",
    scorers: "ScorerSource | None",
) -> "AsyncIterator[WindowReranking | None]":
    """Yield what reorders the best candidates, or `None` where nothing of it can be used."""
    from retrieval import WindowReranking  # noqa: PLC0415
    from shopkeeper.learned_conditions import mixing_warnings  # noqa: PLC0415

    mixing = usable_mixing(mixing or mixing_model(settings), settings)
    async with AsyncExitStack() as stack:
        reranker = None
        if settings.reranker.kind is not RerankerKind.NONE:
            opening = open_reranker(settings, progress, scorers)
            reranker = await stack.enter_async_context(opening)
        if reranker or mixing or settings.reranker.business.are_on:
            warnings = mixing_warnings(mixing, settings)
            yield WindowReranking(reranker, settings.reranker, mixing, warnings)
        else:
            yield None


@asynccontextmanager
async def open_name_check(settings: Settings) -> "AsyncIterator[NameCheck]":
    """Yield what knows the names of an index's attributes, and close its connections afterwards."""
    from retrieval import NameCheck  # noqa: PLC0415
    from search_engine import AttributeNames, connect_async  # noqa: PLC0415

    client = connect_async(search_engine_settings(settings))
    try:
        yield NameCheck(AttributeNames(client), settings.retrieval.deadline_ms / 1000)
    finally:
        await client.close()
