"""What a classifier of queries is trained from: an encoder of the catalogue's language."""

from collections.abc import Sequence
from pathlib import Path

from encoders import NAMED_MODELS, Architecture, onnx_model_files
from reranker.training import (
    NAMED_STARTS,
    WantedVocabulary,
    starting_encoder,
    starting_folder,
    training_start,
)
from search_core import ProgressListener, is_cjk
from search_core.settings import Settings
from shopkeeper.composition import artifact_store

_LATIN, _CHINESE = "all-minilm-l6-v2-int8", "bge-small-zh-v1.5-int8"
"""Both are what catalogues are encoded by, so that they mostly are there already."""
_MUCH = 0.2
"""Share of texts with Chinese characters from which the Chinese model, which has the commonest
English words as well, is the better start."""
_LAYERS = 6
_PIECES = 20_000
"""Of an encoder of many languages, whose vocabulary is most of its size: those of the texts, single
characters, and the likeliest others."""


def classifier_start(
    name: str,
    texts: Sequence[str],
    target: Path,
    settings: Settings,
    listener: ProgressListener,
    *,
    layers: int | None,
    seed: int,
) -> Path:
    """Write the model that training starts from, as a Hugging Face folder with its tokenizer.json.

    Args:
        name: a named encoder, a named cross-encoder, a named start of `reranker.training.start`,
            or a Hugging Face folder; empty: the encoder that reads the texts.
        texts: what will be learned from.
        target: the folder; it is made.
        settings: where artefacts are kept.
        listener: told of downloads.
        layers: of a cross-encoder or a folder, evenly spread; `None`: 6. Encoders keep all, unless
            a named start is told otherwise.
        seed: of weights that the start does not have.

    Raises:
        ArtifactError: the files could not be had.
        RerankerModelError: the name is none, and no folder either.
        RerankerTrainingError: the start cannot be trained.
    """
    store = artifact_store(settings, listener)
    files = onnx_model_files(name or _for(texts), store)
    if files is not None:
        return starting_encoder(files, target)
    found = training_start(name, store, besides=_encoders())
    if name not in NAMED_STARTS:
        return starting_folder(found, target, layers=layers or _LAYERS, seed=seed)
    vocabulary = WantedVocabulary(texts=texts, pieces=_PIECES)
    return starting_folder(found, target, layers=layers, seed=seed, vocabulary=vocabulary)


def _encoders() -> tuple[str, ...]:
    return tuple(
        each.name for each in NAMED_MODELS.values() if each.architecture is Architecture.ONNX
    )


def _for(texts: Sequence[str]) -> str:
    chinese = sum(any(map(is_cjk, each)) for each in texts)
    return _CHINESE if chinese >= _MUCH * len(texts) else _LATIN
