"""The composition root: settings → adapters, handed to the packages that use them."""

import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from search_core import (
    EncoderIdentity,
    ProgressListener,
    SearchEngineError,
    SilentProgress,
    TextEncoder,
)
from search_core.settings import (
    RerankerKind,
    RerankerSettings,
    SearchEngineSettings,
    Settings,
)

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

    from artifacts import ArtifactStore
    from encoders import LoadedModels
    from indexer import MoreGenerators, ReindexTools, UpdateTools
    from language_models import EndpointModel
    from query_understanding import CatalogueSource, QueryUnderstanding
    from reranker import ModelRepository, PairScorer, Reranker
    from reranker.mixing import MixingModel
    from retrieval import EncoderProvider, NameCheck, Retriever


_logger = logging.getLogger(__name__)


def search_engine_settings(settings: Settings) -> SearchEngineSettings:
    """Return how OpenSearch is reached: as set, else the local node where one runs."""
    from shopkeeper.local_stack import running_node  # noqa: PLC0415 - loads the whole local stack

    section = settings.search_engine
    if "url" in section.model_fields_set:
        return section
    node = running_node(settings.local_stack)
    return section if node is None else section.model_copy(update={"url": node.url})


def reranker_settings(settings: Settings) -> RerankerSettings:
    """Return how the reranker is reached: as set, else the local Triton where one runs."""
    from shopkeeper.local_stack import running_triton  # noqa: PLC0415 - as above

    section = settings.reranker
    if section.kind is not RerankerKind.TRITON or "url" in section.model_fields_set:
        return section
    triton = running_triton(settings.local_stack)
    return section if triton is None else section.model_copy(update={"url": triton.url})


def model_repository(settings: Settings) -> "ModelRepository":
    """Return Triton's model repository: as set, else in the local stack's data folder."""
    from reranker import ModelRepository  # noqa: PLC0415 - loads ONNX Runtime
    from shopkeeper.local_stack import TritonFolder  # noqa: PLC0415

    chosen = settings.reranker.repository
    return ModelRepository(chosen or TritonFolder.of(settings.local_stack).models)


@asynccontextmanager
async def open_reranker(
    settings: Settings,
    progress: ProgressListener | None = None,
    scorer: "PairScorer | None" = None,
) -> "AsyncIterator[Reranker]":
    """Yield the reranker that is set inside the running event loop, and close it afterwards.

    Args:
        settings: all of them.
        progress: told of downloads.
        scorer: that is loaded already, and is not closed; `None`: one is loaded.
    """
    from reranker import create_reranker  # noqa: PLC0415 - loads ONNX Runtime

    store = artifact_store(settings, progress)
    reranker = create_reranker(reranker_settings(settings), store, scorer)
    try:
        yield reranker
    finally:
        await reranker.close()


def mixing_model(settings: Settings) -> "MixingModel | None":
    """Return the learned mixing that is set, or `None`.

    Raises:
        RerankerModelError: its file is missing or broken.
    """
    from reranker.mixing import read_mixing_model  # noqa: PLC0415 - as above

    path = settings.reranker.mixing_model
    return None if path is None else read_mixing_model(path)


def usable_mixing(mixing: "MixingModel | None", settings: Settings) -> "MixingModel | None":
    """Return learned mixing, unless nothing gives what it mixes.

    What it was learned under and is otherwise now is logged: it stays in use, since it looks at
    places within the window, but is no longer what was proven.
    """
    if mixing is None:
        return None
    if not mixing.reads or settings.reranker.kind is not RerankerKind.NONE:
        from shopkeeper.learned_conditions import changed_conditions  # noqa: PLC0415

        changed = changed_conditions(mixing, settings)
        if changed:
            _logger.warning(
                "mixing_learned_under_other_settings mixing=%s changed=%s remedy=%s",
                mixing.digest,
                "; ".join(changed),
                "learn it again: shopkeeper reranker fit JUDGMENTS",
            )
        return mixing
    _logger.warning(
        "mixing_model_not_used: it mixes a cross-encoder's scores, and reranker.kind is none"
    )
    return None


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


def language_model(settings: Settings) -> "EndpointModel | None":
    """Return the language model that is set, or `None`. Whoever asks for it closes it."""
    from language_models import create_language_model  # noqa: PLC0415

    return create_language_model(settings.llm, cache_dir(settings))


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


def more_tags(
    settings: Settings,
    progress: ProgressListener | None = None,
    loaded: "LoadedModels | None" = None,
) -> "MoreGenerators":
    """Return what makes the generators of tags besides the rules: see `TagSources`."""
    from indexer import no_more_generators  # noqa: PLC0415
    from shopkeeper.tag_sources import TagSources  # noqa: PLC0415 - imports this module

    sources = TagSources(settings, progress, loaded=loaded)
    return sources if sources.are_on else no_more_generators


def reindex_tools(
    settings: Settings,
    progress: ProgressListener | None = None,
    *,
    vectors: bool = True,
    tag_sources: "MoreGenerators | None" = None,
    loaded: "LoadedModels | None" = None,
) -> "ReindexTools":
    """Return what a reindex works with; the encoder is loaded once the languages are known.

    Args:
        settings: all of them.
        progress: told of the work.
        vectors: whether products are encoded.
        tag_sources: generators of tags besides the rules; `None`: those of the settings.
        loaded: models of this run, those of `tag_sources` included; `None`: none are yet.
    """
    from encoders import create_text_encoder  # noqa: PLC0415 - loads ONNX Runtime
    from indexer import ReindexTools  # noqa: PLC0415

    listener = progress or SilentProgress()
    models: LoadedModels = {} if loaded is None else loaded

    def encoder_for(languages: Mapping[str, float]) -> TextEncoder | None:
        if not vectors:
            return None
        store = artifact_store(settings, listener)
        return create_text_encoder(settings.encoders, languages, store, cache_dir(settings), models)

    client = search_engine_client(settings)
    return ReindexTools(
        client=client,
        engine=search_engine_settings(settings),
        settings=settings.indexer,
        encoder_for=encoder_for,
        progress=listener,
        before_publishing=_learn(client, settings),
        more_tags=tag_sources or more_tags(settings, listener, models),
    )


def update_tools(
    settings: Settings,
    progress: ProgressListener | None = None,
    *,
    tag_sources: "MoreGenerators | None" = None,
    loaded: "LoadedModels | None" = None,
) -> "UpdateTools":
    """Return what changes to a live generation work with.

    Args:
        settings: all of them.
        progress: told of the work.
        tag_sources: generators of tags besides the rules; `None`: those of the settings.
        loaded: models of this run, those of `tag_sources` included; `None`: none are yet.
    """
    from encoders import passage_encoder_for_model_id  # noqa: PLC0415 - loads ONNX Runtime
    from indexer import UpdateTools  # noqa: PLC0415

    listener = progress or SilentProgress()
    models: LoadedModels = {} if loaded is None else loaded

    def encoder_of(identity: EncoderIdentity) -> TextEncoder:
        store = artifact_store(settings, listener)
        return passage_encoder_for_model_id(
            identity.model_id, settings.encoders, store, cache_dir(settings), models
        )

    client = search_engine_client(settings)
    return UpdateTools(
        client=client,
        settings=settings.indexer,
        encoder_of=encoder_of,
        progress=listener,
        learn=_learn(client, settings),
        more_tags=tag_sources or more_tags(settings, listener, models),
    )


def query_understanding(
    settings: Settings, rules: str | None = None, catalogues: "CatalogueSource | None" = None
) -> "QueryUnderstanding | None":
    """Return what reads queries by their catalogue, or `None` when it is switched off.

    Args:
        settings: all of them.
        rules: in Querqy's syntax, instead of those of the file; `None`: the file's.
        catalogues: what is known of the catalogues already; `None`: nothing is.

    Raises:
        RulesError: rules that cannot be read.
    """
    if not settings.query_understanding.enabled:
        return None
    from query_understanding import (  # noqa: PLC0415
        CatalogueSource,
        QueryUnderstanding,
        create_chain,
        parse_rules,
    )

    parsed = None if rules is None else parse_rules(rules)
    trained = {"trained": trained_folder(settings)}
    model = language_model(settings) if settings.query_understanding.llm else None
    return QueryUnderstanding(
        create_chain(settings.query_understanding.model_copy(update=trained), parsed, model),
        catalogues or CatalogueSource(search_engine_client(settings)),
        # What a closed model was asked is lost, and asked again.
        on_close=(lambda: None) if model is None else model.close,
        remembered=settings.query_understanding.remembered_plans,
    )


def trained_folder(settings: Settings) -> Path:
    """Return the folder of what `shopkeeper understand train` installed. It may not exist."""
    from shopkeeper.local_stack import default_data_dir  # noqa: PLC0415 - loads the local stack

    chosen = settings.query_understanding.trained
    data_dir = settings.local_stack.data_dir
    return chosen or (data_dir or default_data_dir()).resolve() / "understanding"


def learn_what_to_suggest(client: "OpenSearch", generation: str, settings: Settings) -> None:
    """Learn a generation's suggestions; where that fails it goes live without, and that is told."""
    if not settings.suggestions.enabled:
        return
    from query_understanding import learn_suggestions  # noqa: PLC0415

    try:
        learn_suggestions(client, generation, settings.suggestions, settings.events)
    except SearchEngineError as error:
        _logger.warning("suggestions_not_learned generation=%s: %s", generation, error.message)


def _learn(client: "OpenSearch", settings: Settings) -> Callable[[str], None]:
    """Return what learns the language of a generation before it goes live."""

    def learn(generation: str) -> None:
        learn_what_to_suggest(client, generation, settings)
        if not settings.query_understanding.enabled:
            return
        from query_understanding import learn_catalogue  # noqa: PLC0415

        try:
            learn_catalogue(client, generation)
        except SearchEngineError as error:
            # The products are all there: better live without than not live.
            _logger.warning("lexicon_not_learned generation=%s: %s", generation, error.message)

    return learn


@asynccontextmanager
async def open_retriever(
    settings: Settings,
    progress: ProgressListener | None = None,
    *,
    encoders: "EncoderProvider | None" = None,
    mixing: "MixingModel | None" = None,
    scorer: "PairScorer | None" = None,
) -> "AsyncIterator[Retriever]":
    """Yield a retriever inside the running event loop, and close its connections afterwards.

    Args:
        settings: all of them.
        progress: told of downloads.
        encoders: models that are loaded already; `None`: they are loaded when they are needed.
        mixing: reorders the window, even where the settings would not; `None`: what the settings
            name.
        scorer: the reranker's, loaded already and not closed; `None`: it is loaded.

    Raises:
        RerankerModelError: a model of the settings is missing or broken.
    """
    from retrieval import Retriever, WindowReranking  # noqa: PLC0415
    from search_engine import DocumentMemory, Searcher, connect_async  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        reranking = None
        if mixing is not None or settings.reranker.reorders:
            mixing = usable_mixing(mixing or mixing_model(settings), settings)
            reranker = None
            if settings.reranker.kind is not RerankerKind.NONE:
                opening = open_reranker(settings, progress, scorer)
                reranker = await stack.enter_async_context(opening)
            if reranker or mixing or settings.reranker.business.are_on:
                reranking = WindowReranking(reranker, settings.reranker, mixing)
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
async def open_name_check(settings: Settings) -> "AsyncIterator[NameCheck]":
    """Yield what knows the names of an index's attributes, and close its connections afterwards."""
    from retrieval import NameCheck  # noqa: PLC0415
    from search_engine import AttributeNames, connect_async  # noqa: PLC0415

    client = connect_async(search_engine_settings(settings))
    try:
        yield NameCheck(AttributeNames(client), settings.retrieval.deadline_ms / 1000)
    finally:
        await client.close()
