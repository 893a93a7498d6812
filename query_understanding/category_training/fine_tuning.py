"""The training itself, with transformers' trainer on PyTorch (extra `train`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from datasets import Dataset
from transformers import (
    AutoModelForSequenceClassification,
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    PreTrainedTokenizerFast,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.utils import logging as transformers_logging

from query_understanding.categories.transformer_categories import TOKENIZER_FILE
from query_understanding.category_training.train_categories import CategoryTraining
from search_core import ProgressListener

if TYPE_CHECKING:
    from torch.nn import Module

_TASK = "training categories"
_WARM_UP = 0.1
_PAD = "[PAD]"


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedClassifier:
    """What came out."""

    model: "Module"
    """With the weights of the best measurement."""
    steps: int
    held_out_loss: float


def fine_tune(
    start: Path,
    train: Sequence[tuple[str, int]],
    held_out: Sequence[tuple[str, int]],
    classes: int,
    work: Path,
    options: CategoryTraining,
    progress: ProgressListener,
) -> TunedClassifier:
    """Train, and keep the weights that gave the held-out labels most probability.

    Args:
        start: a Hugging Face folder; its head is replaced.
        train: texts with their labels.
        held_out: measured on after every epoch.
        classes: number of labels.
        work: folder of checkpoints; made if need be.
        options: epochs, learning rate, seed.
        progress: told of steps.
    """
    transformers_logging.disable_progress_bar()
    # It reports a head of another size, which is what was asked for.
    transformers_logging.set_verbosity_error()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(start / TOKENIZER_FILE), pad_token=_PAD)
    model = AutoModelForSequenceClassification.from_pretrained(
        start, num_labels=classes, local_files_only=True, ignore_mismatched_sizes=True
    )
    # Most of the weights: they would overfit, and have little to gain on a catalogue's few words.
    model.get_input_embeddings().weight.requires_grad_(requires_grad=False)

    def rows(labelled: Sequence[tuple[str, int]]) -> Dataset:
        encoded = tokenizer(
            [text for text, _ in labelled], truncation=True, max_length=options.max_tokens
        )
        return Dataset.from_dict({**encoded, "labels": [label for _, label in labelled]})

    trainer = Trainer(
        model=model,
        args=_arguments(work, options),
        train_dataset=rows(train),
        eval_dataset=rows(held_out),
        data_collator=DataCollatorWithPadding(tokenizer),
        callbacks=[
            EarlyStoppingCallback(early_stopping_patience=options.patience),
            _StepsTold(progress),
        ],
    )
    # It prints to stdout, which is for results.
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return TunedClassifier(
        model=model.cpu().eval(),
        steps=trainer.state.global_step,
        held_out_loss=float(trainer.state.best_metric),
    )


class _StepsTold(TrainerCallback):  # type: ignore[misc] # the library has no types
    """Tells how far training is."""

    def __init__(self, progress: ProgressListener) -> None:
        self._progress = progress

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **others: object,
    ) -> None:
        """Begin."""
        del args, control, others
        self._progress.start(_TASK, state.max_steps, "steps")

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **others: object,
    ) -> None:
        """Tell of one more step."""
        del args, state, control, others
        self._progress.advance(_TASK, 1)

    def on_train_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **others: object,
    ) -> None:
        """End."""
        del args, state, control, others
        self._progress.finish(_TASK)


def _arguments(work: Path, options: CategoryTraining) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(work),
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch,
        per_device_eval_batch_size=options.batch,
        learning_rate=options.learning_rate,
        warmup_steps=_WARM_UP,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        report_to=[],
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        seed=options.seed,
        data_seed=options.seed,
        disable_tqdm=True,
        dataloader_pin_memory=torch.cuda.is_available(),
    )
