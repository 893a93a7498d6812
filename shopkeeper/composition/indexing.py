"""What reindexes, updates and feeds work with."""

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from search_core import (
    EncoderIdentity,
    ProgressListener,
    SearchEngineError,
    SilentProgress,
    TextEncoder,
)
from search_core.settings import Settings
from shopkeeper.composition.engine import search_engine_client, search_engine_settings
from shopkeeper.composition.local_files import artifact_store, cache_dir

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

    from encoders import LoadedModels
    from indexer import MoreGenerators, ReindexTools, UpdateTools

_logger = logging.getLogger(__name__)


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
