"""What the local Triton serves, and how it is told of something new."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from search_core import ConfigurationError, ProgressListener
from search_core.settings import RerankerSettings, Settings
from shopkeeper.composition import artifact_store, model_repository, reranker_settings

if TYPE_CHECKING:
    from reranker import ModelServer, PublishedVersion
    from shopkeeper.local_stack import TritonStatus


def local_model_server(settings: Settings) -> "ModelServer | None":
    """Return the Triton that is to load what is published; `None`: none runs.

    It is the one that `reranker.url` names, else the local one.
    """
    from reranker import connect_model_server  # noqa: PLC0415 - loads gRPC
    from shopkeeper.local_stack import running_triton  # noqa: PLC0415

    if "url" in settings.reranker.model_fields_set:
        return connect_model_server(reranker_settings(settings).url)
    triton = running_triton(settings.local_stack)
    return None if triton is None else connect_model_server(triton.url)


def start_local_triton(settings: Settings, progress: ProgressListener) -> "TritonStatus":
    """Start the local Triton, with the models that the settings name where there are none yet.

    Raises:
        LocalStackError: it could not be started.
        RerankerModelError: the model does not work.
        ArtifactError: something could not be had.
    """
    from shopkeeper.local_stack import running_triton, start_triton  # noqa: PLC0415

    if running_triton(settings.local_stack) is None:
        for language in (None, *settings.reranker.models):
            section = settings.reranker.of(language)
            if section.cross_encoder:
                install_cross_encoder(settings, None, section, progress)
    repository = model_repository(settings).folder
    return start_triton(settings.local_stack, repository, progress)


def install_cross_encoder(
    settings: Settings,
    server: "ModelServer | None",
    section: RerankerSettings,
    progress: ProgressListener | None = None,
) -> "PublishedVersion | None":
    """Publish the model that a section names; `None`: the repository has one already.

    Args:
        settings: all of them.
        server: `None`: none runs.
        section: of the model: `settings.reranker`, or of one language.
        progress: told of downloads.

    Raises:
        RerankerModelError: it does not work, or the server refuses it.
        ArtifactError: its files could not be had.
    """
    from reranker import publish_cross_encoder, serving_folder  # noqa: PLC0415 - ONNX

    repository, model = model_repository(settings), section.triton_model
    if repository.versions(model):
        return None
    folder = serving_folder(section.cross_encoder, artifact_store(settings, progress))
    return publish_cross_encoder(
        folder,
        repository,
        server,
        model=model,
        languages=section.languages,
    )


def publish_for(
    language: str | None, folder: Path, settings: Settings, languages: Sequence[str] = ()
) -> "PublishedVersion":
    """Check an exported cross-encoder, and put it live for a language or for all others.

    Args:
        language: ISO 639-1; `None`: all that have no model of their own.
        folder: of the export.
        settings: all of them.
        languages: ISO 639-1 codes that it reads; empty: those of its card.

    Raises:
        ConfigurationError: it does not read the language.
        RerankerModelError: it does not work, or the server refuses it.
    """
    from reranker import check_cross_encoder, publish_cross_encoder  # noqa: PLC0415 - ONNX

    read = tuple(languages) or check_cross_encoder(folder).languages
    if language is not None and read and language not in read:
        raise ConfigurationError(
            f"{folder} reads {', '.join(read)}, not {language}",
            remedy=f"if it does, say so: --language {language}",
        )
    return publish_cross_encoder(
        folder,
        model_repository(settings),
        local_model_server(settings),
        model=settings.reranker.of(language).triton_model,
        languages=languages,
    )


def install_text_encoder(
    name: str,
    settings: Settings,
    server: "ModelServer | None",
    progress: ProgressListener | None = None,
) -> "PublishedVersion":
    """Publish a named text encoder.

    Raises:
        RerankerModelError: there is none of that name, or the server refuses it.
        ArtifactError: its files could not be had.
    """
    from reranker import publish_text_encoder  # noqa: PLC0415 - ONNX

    return publish_text_encoder(
        name,
        artifact_store(settings, progress),
        model_repository(settings),
        server,
        max_tokens=settings.encoders.max_tokens,
    )
