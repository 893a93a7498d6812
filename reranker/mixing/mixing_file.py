"""The file of a learned mixing: JSON that a person can read."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from reranker.mixing.features import FEATURES
from reranker.mixing.mixing_model import MixingModel
from reranker.mixing.regression_tree import RegressionTree
from search_core import ConfigurationError, RerankerModelError

_FORMAT = "shopkeeper-mixing-1"


class _Tree(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    features: list[str | None]
    """`None`: a leaf."""
    thresholds: list[float]
    left: list[int]
    right: list[int]
    values: list[float]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    format: str = Field(pattern=f"^{_FORMAT}$")
    note: str = ""
    queries: int = 0
    cross_encoder: str = ""
    encoder: str = ""
    learned_under: dict[str, JsonValue] = {}
    weights: dict[str, float]
    trees: list[_Tree] = []


def write_mixing_model(model: MixingModel, path: Path, note: str = "") -> None:
    """Write a model; an existing file is replaced.

    Args:
        model: what was learned.
        path: the new file.
        note: how it came about and what it is worth, for whoever opens the file.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    names = tuple(FEATURES)
    content = _File(
        format=_FORMAT,
        note=note,
        queries=model.queries,
        cross_encoder=model.cross_encoder,
        encoder=model.encoder,
        learned_under=dict(model.learned_under),
        weights=dict(model.weights),
        trees=[
            _Tree(
                features=[None if each < 0 else names[each] for each in tree.features],
                thresholds=list(tree.thresholds),
                left=list(tree.left),
                right=list(tree.right),
                values=list(tree.values),
            )
            for tree in model.trees
        ],
    )
    text = json.dumps(content.model_dump(), ensure_ascii=False, indent=1)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}",
            remedy="name a file in a folder that exists and can be written to",
        ) from error


def read_mixing_model(path: Path) -> MixingModel:
    """Read a model.

    Raises:
        RerankerModelError: the file is missing or broken, or names features that are not known.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RerankerModelError(
            f"the mixing model {path} cannot be read: {error.strerror}", remedy=_REMEDY
        ) from error
    try:
        read = _File.model_validate_json(content)
        model = _model(read)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise RerankerModelError(
            f"{path} is no mixing model: {place or 'the file'}: {first['msg']}", remedy=_REMEDY
        ) from error
    except ValueError as error:
        raise RerankerModelError(f"{path} is no mixing model: {error}", remedy=_REMEDY) from error
    digest = hashlib.blake2b(content, digest_size=6).hexdigest()
    return replace(model, digest=digest)


_REMEDY = "name a file that `shopkeeper reranker fit` wrote in reranker.mixing_model, or unset it"


def _model(read: _File) -> MixingModel:
    columns = {name: place for place, name in enumerate(FEATURES)}
    split = {each for tree in read.trees for each in tree.features if each is not None}
    named = {*read.weights, *split}
    unknown = sorted(named - set(columns))
    if unknown:
        message = f"features that are not known: {', '.join(unknown)}"
        raise ValueError(message)
    if not any(read.weights.values()) and not read.trees:
        message = "it has neither weights nor trees, and would order nothing"
        raise ValueError(message)
    trees = tuple(
        RegressionTree(
            features=tuple(-1 if each is None else columns[each] for each in tree.features),
            thresholds=tuple(tree.thresholds),
            left=tuple(tree.left),
            right=tuple(tree.right),
            values=tuple(tree.values),
        )
        for tree in read.trees
    )
    return MixingModel(
        weights=read.weights,
        trees=trees,
        queries=read.queries,
        cross_encoder=read.cross_encoder,
        encoder=read.encoder,
        learned_under=read.learned_under,
    )
