"""What a classifier of queries is trained from: an encoder of the catalogue's language."""

from collections.abc import Sequence
from pathlib import Path

from encoders import onnx_model_files
from reranker import cross_encoder_folder
from reranker.training import starting_encoder, starting_folder
from search_core import ProgressListener, is_cjk
from search_core.settings import Settings
from shopkeeper.composition import artifact_store

_LATIN, _CHINESE = "all-minilm-l6-v2-int8", "bge-small-zh-v1.5-int8"
"""Both are what catalogues are encoded by, so that they mostly are there already."""
_MUCH = 0.2
"""Share of texts with Chinese characters from which the Chinese model, which has the commonest
English words as well, is the better start."""


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
        name: a named encoder, a named cross-encoder, or a Hugging Face folder; empty: the encoder
            that reads the texts.
        texts: what will be learned from.
        target: the folder; it is made.
        settings: where artefacts are kept.
        listener: told of downloads.
        layers: of a cross-encoder or a folder, evenly spread; `None`: 6. Encoders keep all.
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
    return starting_folder(
        cross_encoder_folder(name, store), target, layers=layers or _LAYERS, seed=seed
    )


_LAYERS = 6


def _for(texts: Sequence[str]) -> str:
    chinese = sum(any(map(is_cjk, each)) for each in texts)
    return _CHINESE if chinese >= _MUCH * len(texts) else _LATIN
