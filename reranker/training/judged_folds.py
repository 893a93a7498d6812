"""What learning from judgments is worth on queries that it never saw."""

import copy
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from model_training import require_training_extra
from reranker.cross_encoder import Pair
from reranker.training.query_families import query_families
from reranker.training.starting_model import write_starting_model
from reranker.training.training_group import TrainingGroup, TrainingSplit, split_groups
from search_core import ProgressListener, RerankerTrainingError
from search_core.settings import RerankerTrainingSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutLogits:
    """Logits of the pairs that a search would have scored."""

    start: Mapping[Pair, float]
    """Before any training."""
    trained: Mapping[Pair, float]
    """Each pair's by a model that learned from other families of queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fold:
    """What is learned from, and what is scored then."""

    split: TrainingSplit
    held_out: tuple[Pair, ...]


def held_out_logits(
    groups: Sequence[TrainingGroup],
    windows: Mapping[str, Sequence[Pair]],
    start: Path,
    settings: RerankerTrainingSettings,
    folds: int,
    progress: ProgressListener,
) -> HeldOutLogits:
    """Train once a fold on the groups of the others, and score the fold's windows.

    Within each fold's training groups some families are held out again, to keep the best
    measurement: nothing is chosen by what is measured. The frozen layers run once over each pair.

    Args:
        groups: to learn from.
        windows: query → pairs to score.
        start: what training starts from.
        settings: layers, frozen layers, loss, epochs, seed.
        folds: parts that whole families are dealt out into.
        progress: told of pairs and steps.

    Raises:
        ConfigurationError: the extra `train` is not installed.
        RerankerTrainingError: there are fewer than two families a fold, or no layer is frozen or
            all are.
    """
    require_frozen_layers(settings)
    dealt_out = _folds(groups, windows, folds, settings)
    require_training_extra()
    with tempfile.TemporaryDirectory(prefix="shopkeeper-folds-") as folder:
        written = Path(folder) / "start"
        write_starting_model(start, written, layers=settings.layers, seed=settings.seed)
        return _scored(groups, dealt_out, written, settings, progress)


def require_frozen_layers(settings: RerankerTrainingSettings) -> None:
    """Refuse to train all layers once a fold.

    Raises:
        RerankerTrainingError: no layer is frozen.
    """
    if not settings.frozen_layers:
        raise RerankerTrainingError(
            "a training of all layers a fold would take too long",
            remedy="set reranker.training.frozen_layers, and reranker.training.layers=12 with it",
        )


def _folds(
    groups: Sequence[TrainingGroup],
    windows: Mapping[str, Sequence[Pair]],
    number: int,
    settings: RerankerTrainingSettings,
) -> list[_Fold]:
    # Of all queries at once: another one may link two families.
    family_of = query_families([*windows, *(each.query for each in groups)])
    families = sorted(set(family_of.values()))
    if len(families) < 2 * number:
        raise RerankerTrainingError(
            f"judged queries of {len(families)} kinds are too few for {number} folds",
            remedy="judge more queries (50 or more say something), or lower --folds",
        )
    random.Random(settings.seed).shuffle(families)  # noqa: S311 - no secret
    folds = []
    for part in (set(families[first::number]) for first in range(number)):
        seen = [each for each in groups if family_of[each.query] not in part]
        folds.append(
            _Fold(
                split=split_groups(seen, settings.held_out_share, settings.seed),
                held_out=tuple(
                    dict.fromkeys(
                        pair
                        for query, pairs in windows.items()
                        if family_of[query] in part
                        for pair in pairs
                    )
                ),
            )
        )
    return folds


def _scored(
    groups: Sequence[TrainingGroup],
    folds: Sequence[_Fold],
    start: Path,
    settings: RerankerTrainingSettings,
    progress: ProgressListener,
) -> HeldOutLogits:
    from reranker.training.frozen_training import (  # noqa: PLC0415 - the extra `train`
        STATES_FILE,
        split_model,
    )
    from reranker.training.low_rank_adapters import learning_weights  # noqa: PLC0415
    from reranker.training.upper_layers import train_upper_layers, upper_logits  # noqa: PLC0415

    of_windows = [pair for each in folds for pair in each.held_out]
    of_groups = [pair for each in groups for pair in each.pairs]
    pairs = tuple(dict.fromkeys((*of_windows, *of_groups)))
    trained: dict[Pair, float] = {}
    file = start.with_name(STATES_FILE)
    with (
        split_model(start, pairs, file, settings, progress) as (model, states),
        learning_weights(model.upper, settings),
    ):
        untrained = copy.deepcopy(model.upper.state_dict())
        before = upper_logits(model.upper, states, of_windows)
        for number, fold in enumerate(folds):
            model.upper.load_state_dict(untrained)
            target = start.with_name(f"fold-{number}")
            train_upper_layers(model.upper, states, fold.split, target, settings, progress)
            trained |= upper_logits(model.upper, states, fold.held_out)
    return HeldOutLogits(start=before, trained=trained)
