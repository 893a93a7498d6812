"""From groups to a trained cross-encoder in a folder, with its card."""

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_training import require_training_extra
from reranker.cross_encoder import CARD_FILE, read_card
from reranker.training.generated_queries import QuerySource
from reranker.training.starting_model import WantedVocabulary, write_starting_model
from reranker.training.training_group import TrainingGroup, TrainingSplit, split_groups
from search_core import ProgressListener, SilentProgress
from search_core.settings import RerankerTrainingSettings

_START = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopTexts:
    """What the model is for."""

    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the catalogue; empty: not known."""
    texts: Sequence[str] = ()
    """Passages and judged queries, whose pieces stay in the vocabulary where it is pruned, as those
    of the groups do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedModel:
    """What training came to."""

    folder: Path
    """A Hugging Face folder, to be exported."""
    train_groups: int
    held_out_groups: int
    sources: dict[str, int]
    """Where the queries come from → how many groups."""
    ndcg_before: float
    """nDCG@10 of the held-out groups, by their own targets, as training began."""
    ndcg_after: float
    steps: int
    resumed_at: int
    """Step of the checkpoint that was gone on from; 0: from the start."""
    trained_weights: int
    """Weights that were trained, of all that the model has."""
    adapted_layers: tuple[str, ...]
    """What the layers are called that had adapters, which are merged now; empty: none had."""


def train_cross_encoder(
    groups: Sequence[TrainingGroup],
    start: Path,
    target: Path,
    settings: RerankerTrainingSettings,
    progress: ProgressListener | None = None,
    *,
    shop: ShopTexts | None = None,
) -> TrainedModel:
    """Hold some kinds of query out, train on the others, and describe the result.

    A call that was cut off goes on from its last checkpoint when it is made again.

    Args:
        groups: to learn from.
        start: what training starts from.
        target: folder of the model; made if need be.
        settings: layers, adapters, loss, epochs.
        progress: told of steps.
        shop: its languages and texts; `None`: the groups say all.

    Raises:
        ConfigurationError: the extra `train` is not installed, or the target's checkpoints are of
            another training.
        RerankerTrainingError: the start cannot be trained so, or there are too few groups.
    """
    split = split_groups(groups, settings.held_out_share, settings.seed)
    require_training_extra()
    from reranker.training.fine_tuning import fine_tune  # noqa: PLC0415 - the extra `train`
    from reranker.training.frozen_training import fine_tune_upper_layers  # noqa: PLC0415

    told = shop or ShopTexts()
    written = _written_start(start, target, groups, told, settings)
    tune = fine_tune_upper_layers if settings.frozen_layers else fine_tune
    outcome = tune(written, split, target, settings, progress or SilentProgress())
    trained = TrainedModel(
        folder=target,
        train_groups=len(split.train),
        held_out_groups=len(split.held_out),
        sources=dict(Counter(each.source for each in groups)),
        ndcg_before=outcome.before,
        ndcg_after=outcome.after,
        steps=outcome.steps,
        resumed_at=outcome.resumed_at,
        trained_weights=outcome.learning.number,
        adapted_layers=outcome.learning.adapted,
    )
    card = json.dumps(_card(trained, start, split, settings, told.languages), indent=2)
    (target / CARD_FILE).write_text(card, encoding="utf-8")
    return trained


def _written_start(
    start: Path,
    target: Path,
    groups: Sequence[TrainingGroup],
    shop: ShopTexts,
    settings: RerankerTrainingSettings,
) -> Path:
    """Return the folder in the target with the model as training begins; written once."""
    written = target / _START
    if not written.is_dir():
        building = target / f".{_START}"
        shutil.rmtree(building, ignore_errors=True)
        building.parent.mkdir(parents=True, exist_ok=True)
        write_starting_model(
            start,
            building,
            layers=settings.layers,
            seed=settings.seed,
            vocabulary=_vocabulary(groups, shop, settings),
        )
        # Whole or not at all: a start that was cut off is made again.
        building.rename(written)
    return written


def _vocabulary(
    groups: Sequence[TrainingGroup], shop: ShopTexts, settings: RerankerTrainingSettings
) -> WantedVocabulary | None:
    if not settings.vocabulary_pieces:
        return None
    of_groups = (text for each in groups for text in (each.query, *each.passages))
    texts = tuple(dict.fromkeys((*shop.texts, *of_groups)))
    return WantedVocabulary(texts=texts, pieces=settings.vocabulary_pieces)


def _card(
    trained: TrainedModel,
    start: Path,
    split: TrainingSplit,
    settings: RerankerTrainingSettings,
    languages: Sequence[str],
) -> dict[str, Any]:
    """Return the model's card: what served it, what it learned from, what it is worth.

    What is read is what both the start and the catalogue are in: nothing was learned of others.
    """
    of_start = read_card(start)
    known = tuple(of_start.get("languages", ()))
    return {
        "name": trained.folder.resolve().name,
        "languages": [each for each in known if each in languages] or list(known),
        "max_tokens": settings.max_tokens,
        "licence": of_start.get("licence", "as its start"),
        "start": of_start.get("name", start.name),
        "training": {
            "sources": trained.sources,
            "judged_queries": _judged_queries(split),
            "train_groups": trained.train_groups,
            "train_pairs": sum(len(each.passages) for each in split.train),
            "held_out_groups": trained.held_out_groups,
            "steps": trained.steps,
            "trained_weights": trained.trained_weights,
            "adapted_layers": list(trained.adapted_layers),
            "settings": settings.model_dump(mode="json"),
        },
        "measures": {
            "held_out_ndcg@10_before": round(trained.ndcg_before, 4),
            "held_out_ndcg@10": round(trained.ndcg_after, 4),
        },
    }


def _judged_queries(split: TrainingSplit) -> list[str]:
    """Return the judged queries that were learned from, which measure nothing any more."""
    judged = QuerySource.JUDGMENTS.value
    return sorted({each.query for each in split.train if each.source == judged})
