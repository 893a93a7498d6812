"""The training itself, with transformers' trainer on PyTorch (extra `train`)."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from datasets import Dataset
from tokenizers import Tokenizer
from torch import Tensor
from transformers import (
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
)

from model_training.loop import StepsTold, TrainedWeightsKept, prepare_torch, run_trainer
from query_understanding.classifier_training.head_fitting import fit_head
from query_understanding.classifier_training.labelled_text import ClassifierTraining, LabelledText
from query_understanding.classifier_training.pooled_classifier import (
    PooledClassifier,
    load_pooled_classifier,
)
from query_understanding.text_classifier import TOKENIZER_FILE
from search_core import ConfigurationError, ProgressListener

_READING = "reading examples"
_WARM_UP = 0.1
_PADDING = ("[PAD]", "<pad>")
"""As BERT's vocabularies have it, and SentencePiece's."""
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

    Raises:
        ConfigurationError: the start has no padding.
    """
    prepare_torch(threads=options.threads, seed=options.seed)
    tokenizer = _opened_tokenizer(start / TOKENIZER_FILE)
    collator = DataCollatorWithPadding(tokenizer)
    model = load_pooled_classifier(start, classes, len(train[0].features))
    rows, held_rows = (_rows(each, tokenizer, options.max_tokens) for each in (train, held_out))
    progress.start(_READING, len(rows) + len(held_rows), "queries")
    read, held_read = (_read(model, each, collator, progress) for each in (rows, held_rows))
    progress.finish(_READING)
    head_loss = fit_head(model, read, held_read, options.seed)
    steps, tuned_loss = 0, head_loss
    if options.epochs:
        before = copy.deepcopy(model.state_dict())
        trainer = _trainer(model, rows, held_rows, collator, work, options, progress)
        steps = run_trainer(trainer).steps
        tuned_loss = float(trainer.state.best_metric)
        if tuned_loss > head_loss:
            model.load_state_dict(before)
    return TunedClassifier(
        model=model.cpu().eval(),
        steps=steps,
        head_loss=head_loss,
        held_out_loss=min(head_loss, tuned_loss),
    )


def _trainer(
    model: PooledClassifier,
    rows: Dataset,
    held_rows: Dataset,
    collator: DataCollatorWithPadding,
    work: Path,
    options: ClassifierTraining,
    progress: ProgressListener,
) -> "_ClassTrainer":
    model.train_only(options.tuned_layers)
    return _ClassTrainer(
        model=model,
        args=_arguments(work, options),
        train_dataset=rows,
        eval_dataset=held_rows,
        data_collator=collator,
        optimizers=(_optimiser(model, options), None),
        callbacks=[
            EarlyStoppingCallback(early_stopping_patience=options.patience),
            StepsTold(progress),
        ],
    )


def _opened_tokenizer(file: Path) -> PreTrainedTokenizerFast:
    plain = Tokenizer.from_file(str(file))
    padding = next((each for each in _PADDING if plain.token_to_id(each) is not None), None)
    if padding is None:
        raise ConfigurationError(
            f"the vocabulary of the start has none of {', '.join(_PADDING)}",
            remedy="start from another model",
        )
    return PreTrainedTokenizerFast(tokenizer_object=plain, pad_token=padding)


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


class _ClassTrainer(TrainedWeightsKept, Trainer):  # type: ignore[misc] # no types
    """The library's trainer, with checkpoints of what is trained."""


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
