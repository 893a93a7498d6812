"""What the local Triton serves, and how it is told of something new."""

from typing import TYPE_CHECKING

from search_core import ProgressListener
from search_core.settings import Settings
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
    """Start the local Triton, with the model that the settings name where there is none yet.

    Raises:
        LocalStackError: it could not be started.
        RerankerModelError: the model does not work.
        ArtifactError: something could not be had.
    """
    from shopkeeper.local_stack import running_triton, start_triton  # noqa: PLC0415

    if running_triton(settings.local_stack) is None:
        install_cross_encoder(settings, None, progress)
    repository = model_repository(settings).folder
    return start_triton(settings.local_stack, repository, progress)


def install_cross_encoder(
    settings: Settings,
    server: "ModelServer | None",
    progress: ProgressListener | None = None,
) -> "PublishedVersion | None":
    """Publish the model that the settings name; `None`: the repository has one already.

    Raises:
        RerankerModelError: it does not work, or the server refuses it.
        ArtifactError: its files could not be had.
    """
    from reranker import publish_cross_encoder, serving_folder  # noqa: PLC0415 - ONNX

    repository, model = model_repository(settings), settings.reranker.triton_model
    if repository.versions(model):
        return None
    folder = serving_folder(settings.reranker.cross_encoder, artifact_store(settings, progress))
    return publish_cross_encoder(
        folder,
        repository,
        server,
        model=model,
        languages=settings.reranker.languages,
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
