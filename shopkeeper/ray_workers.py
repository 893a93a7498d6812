"""What a Ray cluster does for a reindex."""

import os
from functools import partial
from typing import TYPE_CHECKING

from search_core import ConfigurationError, EncoderIdentity, SilentProgress, TextEncoder
from search_core.settings import Settings, VectorCompression
from shopkeeper.composition import artifact_store, cache_dir
from shopkeeper.sent_settings import sent_settings

if TYPE_CHECKING:
    from indexer import Preparation, PreparationFor, Tagger


def ray_preparation(settings: Settings) -> "PreparationFor":
    """Return what tags and encodes on the cluster of `indexer.ray`.

    Raises:
        ConfigurationError: the extra `ray` is not installed.
    """
    # Ray would report on its use to its makers; whoever wants that sets the variable to 1.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        from indexer.ray_runner import ChunkWork, RayPreparation  # noqa: PLC0415 - loads Ray
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "--runner ray needs Ray, which is not installed",
            remedy="pip install '.[ray]' in Shopkeeper's folder, or use --runner local",
        ) from error

    def prepare(
        identity: EncoderIdentity | None, tagger: "Tagger", compression: VectorCompression
    ) -> "Preparation":
        work = ChunkWork(
            identity=identity,
            encoder_of=partial(_encoder_on_a_worker, sent_settings(settings)),
            tagger=None if tagger.does_nothing else tagger,
            settings=settings.indexer,
            compression=compression,
        )
        return RayPreparation(work, settings.indexer.ray)

    return prepare


def _encoder_on_a_worker(settings: Settings, identity: EncoderIdentity) -> TextEncoder:
    from encoders import passage_encoder_for_model_id  # noqa: PLC0415 - loads ONNX Runtime

    encoders = worker_settings(settings).encoders
    store = artifact_store(settings, SilentProgress())
    return passage_encoder_for_model_id(identity.model_id, encoders, store, cache_dir(settings))


def worker_settings(settings: Settings) -> Settings:
    """Return the settings of a worker, which is one of several on its machine.

    Its models use the cores that are set aside for it, unless `encoders.threads` says otherwise.
    """
    encoders = settings.encoders
    if encoders.threads:
        return settings
    threads = max(1, int(settings.indexer.ray.cpus_per_worker))
    return settings.model_copy(
        update={"encoders": encoders.model_copy(update={"threads": threads})}
    )
