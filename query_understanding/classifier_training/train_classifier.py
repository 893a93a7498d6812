"""From labelled texts to a folder that the serving path loads without PyTorch."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model_training import require_training_extra
from query_understanding.classifier_training.labelled_text import ClassifierTraining, LabelledText
from query_understanding.text_classifier import TOKENIZER_FILE, WEIGHTS_FILE
from search_core import ProgressListener, SilentProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedClassifier:
    """What training came to."""

    folder: Path
    steps: int
    head_loss: float
    """Held-out loss with only the head fitted, in nats."""
    held_out_loss: float
    """The least of all measurements."""


def train_classifier(
    train: Sequence[LabelledText],
    held_out: Sequence[LabelledText],
    classes: int,
    start: Path,
    target: Path,
    options: ClassifierTraining,
    progress: ProgressListener | None = None,
) -> TrainedClassifier:
    """Fine-tune a transformer by cross-entropy, and write it as ONNX in int8 with its tokenizer.

    Args:
        train: what is learned from.
        held_out: what decides when to stop.
        classes: number of labels.
        start: a Hugging Face folder of a BERT-like model with its tokenizer.json.
        target: the folder; it must not exist.
        options: epochs, learning rate, seed.
        progress: told of steps.

    Raises:
        ConfigurationError: the extra `train` is not installed, or the export differs.
    """
    require_training_extra()
    from query_understanding.classifier_training.fine_tuning import fine_tune  # noqa: PLC0415
    from query_understanding.classifier_training.onnx_export import (  # noqa: PLC0415
        export_classifier,
    )

    work = target.with_name(f"{target.name}.training")
    # What a training left that was killed is not gone on with.
    shutil.rmtree(work, ignore_errors=True)
    try:
        tuned = fine_tune(
            start, train, held_out, classes, work, options, progress or SilentProgress()
        )
        target.mkdir(parents=True)
        shutil.copyfile(start / TOKENIZER_FILE, target / TOKENIZER_FILE)
        export_classifier(tuned.model, target / WEIGHTS_FILE, options.max_tokens)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return TrainedClassifier(
        folder=target,
        steps=tuned.steps,
        head_loss=tuned.head_loss,
        held_out_loss=tuned.held_out_loss,
    )
