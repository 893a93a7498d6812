"""What a trained model has seen, and what it has not: read from its folder."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from reranker.cross_encoder import Pair, read_card
from reranker.training.training_group import (
    TrainingGroup,
    TrainingSplit,
    read_groups,
    split_groups,
)
from search_core import RerankerTrainingError
from search_core.settings import RerankerTrainingSettings

GROUPS_FILE = "groups.jsonl"
"""In the folder of a trained model: what it was trained and measured on."""


def held_out_pairs(model: Path, settings: RerankerTrainingSettings) -> tuple[Pair, ...]:
    """Return the pairs that training held out.

    Args:
        model: folder of the trained model.
        settings: of the training; what the model's card says goes before.

    Raises:
        RerankerTrainingError: the folder is not one that `shopkeeper reranker train` wrote.
    """
    return _pairs(_split(model, settings).held_out)


def training_pairs(model: Path, settings: RerankerTrainingSettings, most: int) -> tuple[Pair, ...]:
    """Return some of the pairs that training learned from, the same ones each time.

    Args:
        model: folder of the trained model.
        settings: of the training; what the model's card says goes before.
        most: how many.

    Raises:
        RerankerTrainingError: the folder is not one that `shopkeeper reranker train` wrote.
    """
    pairs = _pairs(_split(model, settings).train)
    return tuple(Random(settings.seed).sample(pairs, min(most, len(pairs))))  # noqa: S311 - no secret


def _split(model: Path, settings: RerankerTrainingSettings) -> TrainingSplit:
    path = model / GROUPS_FILE
    if not path.is_file():
        raise RerankerTrainingError(
            f"{model} has no {GROUPS_FILE}: it was not trained here",
            remedy="name a folder that `shopkeeper reranker train` wrote",
        )
    told = read_card(model).get("training", {}).get("settings", {})
    share = float(told.get("held_out_share", settings.held_out_share))
    seed = int(told.get("seed", settings.seed))
    return split_groups(read_groups(path), share, seed)


def _pairs(groups: Sequence[TrainingGroup]) -> tuple[Pair, ...]:
    return tuple((each.query, passage) for each in groups for passage in each.passages)


def trained_queries(exported: Path) -> frozenset[str]:
    """Return the judged queries that a model was trained on, in lower case; empty: none."""
    training = read_card(exported).get("training", {})
    return frozenset(str(each).casefold() for each in training.get("judged_queries", ()))
