"""The training itself, with transformers' trainer on PyTorch (extra `train`)."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from datasets import Dataset
from torch import Tensor
from transformers import (
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

from query_understanding.classifier_training.head_fitting import fit_head
from query_understanding.classifier_training.labelled_text import ClassifierTraining, LabelledText
from query_understanding.classifier_training.pooled_classifier import (
    PooledClassifier,
    load_pooled_classifier,
)
from query_understanding.text_classifier import TOKENIZER_FILE
from search_core import ProgressListener

_TASK = "training"
_READING = "reading examples"
_WARM_UP = 0.1
_PAD = "[PAD]"
_READ_AT_ONCE = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedClassifier:
    """What came out."""

    model: PooledClassifier
    """With the weights of the best measurement."""
    steps: int
    head_loss: float
    """Held-out loss with the head fitted and all layers as they were, in nats."""
    held_out_loss: float


def fine_tune(
    start: Path,
    train: Sequence[LabelledText],
    held_out: Sequence[LabelledText],
    classes: int,
    work: Path,
    options: ClassifierTraining,
    progress: ProgressListener,
) -> TunedClassifier:
    """Fit the head, then train the upper layers with it; the best measurement of both counts.

    Args:
        start: a Hugging Face folder with its tokenizer.json; a head that it has is left out.
        train: what is learned from.
        held_out: measured on after every epoch.
        classes: number of labels.
        work: folder of checkpoints; made if need be.
        options: epochs, learning rate, seed.
        progress: told of steps.
    """
    transformers_logging.disable_progress_bar()
    # It reports heads that are left out, which is what was asked for.
    transformers_logging.set_verbosity_error()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(start / TOKENIZER_FILE), pad_token=_PAD)
    collator = DataCollatorWithPadding(tokenizer)
    features = len(train[0].features)
    model = load_pooled_classifier(start, classes, features)
    rows, held_rows = (_rows(each, tokenizer, options.max_tokens) for each in (train, held_out))
    progress.start(_READING, len(rows) + len(held_rows), "queries")
    read, held_read = (_read(model, each, collator, progress) for each in (rows, held_rows))
    progress.finish(_READING)
    head_loss = fit_head(model, read, held_read, options.seed)
    if not options.epochs:
        return _tuned(model, 0, head_loss, head_loss)
    before = copy.deepcopy(model.state_dict())
    model.train_only(options.tuned_layers)
    trainer = Trainer(
        model=model,
        args=_arguments(work, options),
        train_dataset=rows,
        eval_dataset=held_rows,
        data_collator=collator,
        optimizers=(_optimiser(model, options), None),
        callbacks=[
            EarlyStoppingCallback(early_stopping_patience=options.patience),
            _StepsTold(progress),
        ],
    )
    # It prints to stdout, which is for results.
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    tuned_loss = float(trainer.state.best_metric)
    if tuned_loss > head_loss:
        model.load_state_dict(before)
    return _tuned(model, trainer.state.global_step, head_loss, min(head_loss, tuned_loss))


def _tuned(
    model: PooledClassifier, steps: int, head_loss: float, held_out_loss: float
) -> TunedClassifier:
    return TunedClassifier(
        model=model.cpu().eval(), steps=steps, head_loss=head_loss, held_out_loss=held_out_loss
    )


def _rows(
    labelled: Sequence[LabelledText], tokenizer: PreTrainedTokenizerFast, max_tokens: int
) -> Dataset:
    encoded = tokenizer([each.text for each in labelled], truncation=True, max_length=max_tokens)
    columns: dict[str, Sequence[object]] = {
        "input_ids": encoded["input_ids"],
        "attention_mask": encoded["attention_mask"],
        "labels": [each.label for each in labelled],
    }
    if labelled and labelled[0].features:
        columns["features"] = [each.features for each in labelled]
    return Dataset.from_dict(columns)


def _read(
    model: PooledClassifier,
    rows: Dataset,
    collator: DataCollatorWithPadding,
    progress: ProgressListener,
) -> tuple[Tensor, Tensor]:
    """Return what the head reads of each row, and the labels."""
    model.eval()
    read = []
    # Long texts beside long ones: short ones would be filled up to their length.
    lengths = [len(each) for each in rows["input_ids"]]
    order = sorted(range(len(rows)), key=lengths.__getitem__)
    for start in range(0, len(order), _READ_AT_ONCE):
        batch: Mapping[str, Tensor] = collator(
            [rows[place] for place in order[start : start + _READ_AT_ONCE]]
        )
        with torch.no_grad():
            vectors = model.vectors(batch["input_ids"], batch["attention_mask"])
        further = [batch["features"]] if "features" in batch else []
        read.append(torch.cat([vectors, *further], dim=-1))
        progress.advance(_READING, len(vectors))
    labels = torch.tensor(rows["labels"])
    return torch.cat(read), labels[order]


def _optimiser(model: PooledClassifier, options: ClassifierTraining) -> torch.optim.Optimizer:
    layers = [each for each in model.encoder.parameters() if each.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": layers, "lr": options.learning_rate},
            {
                "params": list(model.head.parameters()),
                "lr": options.learning_rate * options.head_factor,
            },
        ],
        weight_decay=0.01,
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


def _arguments(work: Path, options: ClassifierTraining) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(work),
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch,
        per_device_eval_batch_size=_READ_AT_ONCE,
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
