"""The training itself, with sentence-transformers' trainer on PyTorch (extra `train`)."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from datasets import Dataset
from sentence_transformers import CrossEncoder
from sentence_transformers.base.evaluation import SentenceEvaluator
from sentence_transformers.cross_encoder import CrossEncoderTrainer, CrossEncoderTrainingArguments
from sentence_transformers.cross_encoder.losses import (
    BinaryCrossEntropyLoss,
    ListNetLoss,
    MarginMSELoss,
    RankNetLoss,
)
from torch.utils.tensorboard import SummaryWriter
from transformers import EarlyStoppingCallback, TrainerCallback
from transformers.integrations import TensorBoardCallback

from model_training.loop import StepsTold, TrainedWeightsKept, prepare_torch, run_trainer
from reranker.training.low_rank_adapters import LearningWeights, learning_weights
from reranker.training.ranking_quality import mean_ndcg
from reranker.training.training_group import TrainingGroup, TrainingSplit
from reranker.training.training_rows import rows_for
from search_core import ProgressListener
from search_core.setting_choices import TrainingLoss
from search_core.settings import RerankerTrainingSettings

if TYPE_CHECKING:
    from torch.nn import Module

_logger = logging.getLogger(__name__)

_CHECKPOINTS = "checkpoints"
"""Folder of checkpoints in the folder of a model."""
_LOGS = "logs"
_WARM_UP = 0.1
_MEASURED_PAIRS = 64
METRIC = "ndcg"
"""Name of what is measured on the held-out groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuned:
    """What came out."""

    folder: Path
    """A Hugging Face folder: the weights of the best measurement."""
    before: float
    """nDCG@10 of the held-out groups before training."""
    after: float
    steps: int
    resumed_at: int
    """Step of the checkpoint that was gone on from; 0: from the start."""
    learning: LearningWeights


def fine_tune(
    start: Path,
    split: TrainingSplit,
    target: Path,
    settings: RerankerTrainingSettings,
    progress: ProgressListener,
) -> FineTuned:
    """Train, and keep the model that put the held-out groups in the best order.

    Checkpoints lie in the target; a call that finds some goes on from the last one. Losses and
    measurements are logged for TensorBoard beside them.

    Args:
        start: a Hugging Face folder of a cross-encoder with one label.
        split: groups to learn from and to measure on.
        target: made if need be; gets the model, `checkpoints` and `logs`.
        settings: loss, epochs, learning rate, patience, adapters, seed.
        progress: told of steps.

    Raises:
        ConfigurationError: its checkpoints are of another training.
        RerankerTrainingError: the adapters do not fit the model.
    """
    prepare_torch(threads=settings.threads, seed=settings.seed)
    model = CrossEncoder(
        str(start), max_length=settings.max_tokens, num_labels=1, local_files_only=True
    )
    # Most of the weights: they would overfit, and have little to gain on a catalogue's few words.
    model.transformers_model.get_input_embeddings().weight.requires_grad_(requires_grad=False)
    measure = HeldOutOrder(split.held_out)
    before = measure(model)[METRIC]
    with learning_weights(model.transformers_model, settings) as learning:
        run = run_trainer(_trainer(model, split, measure, target, settings, progress))
    after = measure(model)[METRIC]
    _logger.info("fine_tuned before=%.4f after=%.4f", before, after)
    model.save_pretrained(str(target))
    return FineTuned(
        folder=target,
        before=before,
        after=after,
        steps=run.steps,
        resumed_at=run.resumed_at,
        learning=learning,
    )


def _trainer(
    model: CrossEncoder,
    split: TrainingSplit,
    measure: "HeldOutOrder",
    target: Path,
    settings: RerankerTrainingSettings,
    progress: ProgressListener,
) -> "_PairTrainer":
    rows = Dataset.from_dict(rows_for(settings.loss, split.train))
    return _PairTrainer(
        model=model,
        args=training_arguments(target, len(rows), _rows_per_step(settings), settings),
        train_dataset=rows,
        loss=_LOSSES[settings.loss](model),
        evaluator=measure,
        callbacks=training_callbacks(target, settings, progress),
    )


class _PairTrainer(TrainedWeightsKept, CrossEncoderTrainer):  # type: ignore[misc] # no types
    """The library's trainer, with checkpoints of what is trained."""


class HeldOutOrder(SentenceEvaluator):  # type: ignore[misc] # the library has no types
    """Measures the order of held-out groups while a model is trained."""

    def __init__(self, groups: Sequence[TrainingGroup]) -> None:
        super().__init__()
        self._groups = groups
        self.primary_metric = METRIC
        self.name = ""

    def __call__(
        self,
        model: CrossEncoder,
        output_path: str | None = None,
        epoch: int = -1,
        steps: int = -1,
    ) -> dict[str, float]:
        """Return nDCG@10 under the name of the metric."""
        del output_path, epoch, steps
        pairs = [(each.query, passage) for each in self._groups for passage in each.passages]
        scores = model.predict(pairs, batch_size=_MEASURED_PAIRS, show_progress_bar=False).tolist()
        logits = []
        for group in self._groups:
            logits.append(scores[: len(group.passages)])
            scores = scores[len(group.passages) :]
        return {METRIC: mean_ndcg(self._groups, logits)}


def training_arguments(
    target: Path, rows: int, rows_per_step: int, settings: RerankerTrainingSettings
) -> CrossEncoderTrainingArguments:
    """Return what the library's trainer is told.

    Args:
        target: folder of the model.
        rows: examples of an epoch.
        rows_per_step: examples of a step.
        settings: epochs, learning rate, measurements, seed.
    """
    steps = max(1, round(settings.epochs * rows / rows_per_step))
    every = max(1, steps // settings.measurements)
    return CrossEncoderTrainingArguments(
        output_dir=str(target / _CHECKPOINTS),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=rows_per_step,
        learning_rate=settings.learning_rate,
        warmup_steps=_WARM_UP,
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        logging_steps=max(1, every // 4),
        report_to=[],
        load_best_model_at_end=True,
        metric_for_best_model=f"eval_{METRIC}",
        greater_is_better=True,
        seed=settings.seed,
        data_seed=settings.seed,
        disable_tqdm=True,
        dataloader_pin_memory=torch.cuda.is_available(),
    )


def training_callbacks(
    target: Path, settings: RerankerTrainingSettings, progress: ProgressListener
) -> list[TrainerCallback]:
    """Return what stops a training, tells of its steps, and logs it for TensorBoard.

    Args:
        target: folder of the model; the logs are beside it.
        settings: patience.
        progress: told of steps.
    """
    return [
        EarlyStoppingCallback(early_stopping_patience=settings.patience),
        StepsTold(progress),
        TensorBoardCallback(SummaryWriter(str(target / _LOGS))),
    ]


def _rows_per_step(settings: RerankerTrainingSettings) -> int:
    a_list = settings.loss in (TrainingLoss.LISTWISE, TrainingLoss.PAIRWISE)
    return settings.lists_per_step * (1 if a_list else settings.list_size)


_LOSSES: dict[TrainingLoss, Callable[[CrossEncoder], "Module"]] = {
    # 0: a whole batch at once.
    TrainingLoss.LISTWISE: lambda model: ListNetLoss(model, mini_batch_size=0),
    TrainingLoss.PAIRWISE: lambda model: RankNetLoss(model, mini_batch_size=0),
    TrainingLoss.MARGIN: MarginMSELoss,
    TrainingLoss.POINTWISE: BinaryCrossEntropyLoss,
}
