"""Models that others use: encoders of queries, the language model."""

import threading
from typing import TYPE_CHECKING

from search_core import EncoderIdentity, ProgressListener, TextEncoder
from search_core.settings import Settings
from shopkeeper.composition.local_files import artifact_store, cache_dir

if TYPE_CHECKING:
    from language_models import EndpointModel
    from retrieval import EncoderProvider


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


def language_model(settings: Settings) -> "EndpointModel | None":
    """Return the language model that is set, or `None`. Whoever asks for it closes it."""
    from language_models import create_language_model  # noqa: PLC0415

    return create_language_model(settings.llm, cache_dir(settings))
