"""From labelled texts to a folder that the serving path loads without PyTorch."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from query_understanding.classifier_training.labelled_text import ClassifierTraining, LabelledText
from query_understanding.text_classifier import TOKENIZER_FILE, WEIGHTS_FILE
from search_core import ConfigurationError, ProgressListener, SilentProgress


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


def require_training_extra() -> None:
    """Say how to install what training needs.

    Raises:
        ConfigurationError: it is not installed.
    """
    try:
        import datasets  # noqa: F401, PLC0415
        import onnx  # noqa: F401, PLC0415
        import torch  # noqa: F401, PLC0415
        import transformers  # noqa: F401, PLC0415
    except ImportError as error:
        raise ConfigurationError(
            f"training a transformer needs {error.name}, which is not installed",
            remedy="pip install '.[train]' in Shopkeeper's folder",
        ) from error
