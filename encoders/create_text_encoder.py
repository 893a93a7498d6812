"""From settings, or from what an index says, to a text encoder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from artifacts import ArtifactStore
from encoders.cached_text_encoder import CachedTextEncoder
from encoders.model_files import OnnxModelFiles
from encoders.model_folder import read_model_folder
from encoders.model_hub import fetch_hub_model, is_hub_id
from encoders.model_pair_encoder import ModelPairEncoder
from encoders.model_registry import (
    MODEL_PAIRS,
    NAMED_MODELS,
    Architecture,
    NamedModel,
    model_for_languages,
)
from encoders.onnx_text_encoder import OnnxTextEncoder
from encoders.use_text_encoder import UseTextEncoder
from encoders.vector_cache import VectorCache
from search_core import (
    EncoderIdentity,
    EncoderMismatchError,
    EncoderUnavailableError,
    TextEncoder,
)
from search_core.settings import EncoderSettings

AUTO = "auto"

LoadedModels = dict[tuple[str, EncoderSettings], TextEncoder]
"""Models in memory, by what named them and how they were loaded, for several encoders of one run: a
second copy of a model takes as much room as the first."""


def create_text_encoder(
    settings: EncoderSettings,
    languages: Sequence[str] | Mapping[str, float],
    store: ArtifactStore,
    cache_dir: Path | None,
    loaded: LoadedModels | None = None,
) -> TextEncoder:
    """Load the model that a catalogue is to be encoded with.

    Args:
        settings: `encoders.model` names it, or leaves the choice to the languages.
        languages: of the catalogue: see `model_for_languages`.
        store: fetches named models.
        cache_dir: vectors are kept below it; `None`, or `encoders.cache_max_bytes = 0`: nowhere.
        loaded: where a model of this run is looked for, and put; `None`: it is loaded.

    Raises:
        EncoderUnavailableError: there is no such model, or it does not load.
        ArtifactError: its file could not be fetched.
    """
    model = model_for_languages(languages) if settings.model == AUTO else settings.model
    return _cached(_loaded_once(model, settings, store, loaded), settings, cache_dir)


def encoder_for_model_id(
    model_id: str,
    settings: EncoderSettings,
    store: ArtifactStore,
    loaded: LoadedModels | None = None,
) -> TextEncoder:
    """Load the model that an index was encoded with, for its queries.

    What the index says goes before `encoders.model`, which names the model of the next reindex; the
    setting only tells where a model lies that was read from a folder.

    Args:
        model_id: `EncoderIdentity.model_id`, kept in the index.
        settings: threads and length; the folder of a model.
        store: fetches named models.
        loaded: as for `create_text_encoder`.

    Raises:
        EncoderUnavailableError: the model is not known here, or does not load.
        EncoderMismatchError: the model of that name is another one, or is used otherwise.
        ArtifactError: its file could not be fetched.
    """
    name = model_id.rpartition("@")[0]
    if name in NAMED_MODELS or name in MODEL_PAIRS:
        source = name
    elif Path(settings.model).is_dir() and _folder_name(settings.model) == name:
        source = settings.model
    elif is_hub_id(name):
        source = name
    else:
        raise EncoderUnavailableError(
            f"The index was encoded by the model {model_id}, which is not known here.",
            remedy=(
                f"Set encoders.model to the folder {name!r} that it was read from, or index"
                if name
                else "Index"
            )
            + " the catalogue again with a model of `shopkeeper doctor`.",
        )
    encoder = _loaded_once(source, settings, store, loaded)
    dimension = encoder.identity.dimension
    check_identity(EncoderIdentity(model_id=model_id, dimension=dimension), encoder.identity)
    return encoder


def passage_encoder_for_model_id(
    model_id: str,
    settings: EncoderSettings,
    store: ArtifactStore,
    cache_dir: Path | None,
    loaded: LoadedModels | None = None,
) -> TextEncoder:
    """Load the model that an index was encoded with, for products that are added to it.

    Args:
        model_id: `EncoderIdentity.model_id`, kept in the index.
        settings: threads and length; the folder of a model. A model that they name has to be the
            index's.
        store: fetches named models.
        cache_dir: as for `create_text_encoder`.
        loaded: as for `create_text_encoder`.

    Raises:
        EncoderUnavailableError: the model is not known here, or does not load.
        EncoderMismatchError: the settings ask for another one.
        ArtifactError: its file could not be fetched.
    """
    name = model_id.rpartition("@")[0]
    asked = settings.model
    if asked != AUTO and name not in (asked, _folder_name(asked)):
        raise EncoderMismatchError(
            f"The index was encoded by {model_id}, encoders.model asks for {asked}.",
            remedy="Set encoders.model back, or index the catalogue again: `shopkeeper reindex` "
            "without --update.",
        )
    encoder = encoder_for_model_id(model_id, settings, store, loaded)
    return _cached(encoder, settings, cache_dir)


def _cached(encoder: TextEncoder, settings: EncoderSettings, cache_dir: Path | None) -> TextEncoder:
    if cache_dir is None or settings.cache_max_bytes == 0:
        return encoder
    return CachedTextEncoder(encoder, VectorCache(cache_dir / "vectors", settings.cache_max_bytes))


def check_identity(index: EncoderIdentity, encoder: EncoderIdentity) -> None:
    """Refuse to compare vectors that are not comparable.

    Args:
        index: of the vectors in an index.
        encoder: of what encodes a query.

    Raises:
        EncoderMismatchError: they differ.
    """
    if index == encoder:
        return
    same_name = index.model_id.rpartition("@")[0] == encoder.model_id.rpartition("@")[0]
    remedy = (
        "The model's files, its prefixes or encoders.max_tokens have changed since: set them back, "
        "or index the catalogue again."
        if same_name
        else "Use the index's model for its queries, or index the catalogue again."
    )
    raise EncoderMismatchError(
        f"The index was encoded by {index.model_id} ({index.dimension} dimensions), the query "
        f"would be by {encoder.model_id} ({encoder.dimension}).",
        remedy=remedy,
    )


def _loaded_once(
    model: str, settings: EncoderSettings, store: ArtifactStore, loaded: LoadedModels | None
) -> TextEncoder:
    if loaded is None:
        return _load(model, settings, store)
    if (model, settings) not in loaded:
        loaded[model, settings] = _load(model, settings, store)
    return loaded[model, settings]


def _load(model: str, settings: EncoderSettings, store: ArtifactStore) -> TextEncoder:
    pair = MODEL_PAIRS.get(model)
    if pair is not None:
        return ModelPairEncoder(
            pair.name,
            latin=_load_named(pair.latin, settings, store),
            every=_load_named(pair.every, settings, store),
        )
    named = NAMED_MODELS.get(model)
    if named is not None:
        return _load_named(named, settings, store)
    if Path(model).is_dir():
        return _load_onnx(read_model_folder(Path(model), _folder_name(model)), settings)
    if is_hub_id(model):
        return _load_onnx(fetch_hub_model(model), settings)
    names = ", ".join([*NAMED_MODELS, *MODEL_PAIRS])
    raise EncoderUnavailableError(
        f"encoders.model = {model!r} is neither a known model nor a folder.",
        remedy=f"Use {AUTO}, a folder with an ONNX model, or one of {names}.",
    )


def _folder_name(path: str) -> str:
    return Path(path).resolve().name  # also of `.` and of a link


def onnx_model_files(name: str, store: ArtifactStore) -> OnnxModelFiles | None:
    """Return the files of a named model, fetched if need be; `None`: none of ONNX has the name.

    Raises:
        ArtifactError: the files could not be had.
    """
    model = NAMED_MODELS.get(name)
    if model is None or model.architecture is not Architecture.ONNX:
        return None
    folder = store.unpack(model.artifact, [model.weights, model.tokenizer])
    return OnnxModelFiles(
        name=model.name,
        weights=folder / model.weights,
        tokenizer=folder / model.tokenizer,
        pooling=model.pooling,
        query_prefix=model.query_prefix,
        passage_prefix=model.passage_prefix,
    )


def _load_named(model: NamedModel, settings: EncoderSettings, store: ArtifactStore) -> TextEncoder:
    files = onnx_model_files(model.name, store)
    if files is not None:
        return _load_onnx(files, settings)
    folder = store.unpack(model.artifact, [model.weights, model.tokenizer])
    return UseTextEncoder(
        model.name,
        folder / model.weights,
        folder / model.tokenizer,
        threads=settings.threads,
        max_tokens=settings.max_tokens,
    )


def _load_onnx(files: OnnxModelFiles, settings: EncoderSettings) -> OnnxTextEncoder:
    return OnnxTextEncoder(
        files,
        threads=settings.threads,
        batch_tokens=settings.batch_tokens,
        max_tokens=settings.max_tokens,
    )
