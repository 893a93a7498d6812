"""Trains a transformer of intents, from labelled queries to a folder that is served."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from query_understanding.classifier_training import (
    ClassifierTraining,
    LabelledText,
    best_mixture,
    train_classifier,
)
from query_understanding.intents.intent import CLASSES
from query_understanding.intents.intent_model import IntentModel
from query_understanding.intents.intent_training import LabelledQuery
from query_understanding.intents.transformer_intents import (
    OF_WORDS,
    IntentDescription,
    TransformerIntents,
)
from search_core import ProgressListener


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedIntents:
    """What training came to."""

    folder: Path
    steps: int
    held_out_loss: float
    """In nats, with the least loss of all measurements."""
    share: float
    """What the model counts beside the regression, 0 to 1."""


def train_transformer_intents(
    train: Sequence[LabelledQuery],
    held_out: Sequence[LabelledQuery],
    beside: IntentModel,
    start: Path,
    target: Path,
    options: ClassifierTraining,
    progress: ProgressListener | None = None,
) -> TrainedIntents:
    """Fine-tune a transformer by cross-entropy, and write it as ONNX in int8.

    Args:
        train: what is learned from.
        held_out: what decides when to stop, how sure to be, and what the model counts.
        beside: the regression that it is mixed with; it has not learned from `held_out` either.
        start: a Hugging Face folder of a BERT-like model with its tokenizer.json.
        target: the folder; it must not exist.
        options: epochs, learning rate, seed.
        progress: told of steps.

    Raises:
        ConfigurationError: the extra `train` is not installed.
    """
    seen = {name for query in train for name in query.features}
    plain = IntentDescription(
        features=tuple(sorted(name for name in seen if not name.startswith(OF_WORDS))),
        temperature=1.0,
        max_tokens=options.max_tokens,
        share=1.0,
    )
    trained = train_classifier(
        _labelled(train, plain), _labelled(held_out, plain), len(CLASSES), start, target, options,
        progress,
    )  # fmt: skip
    plain.write(target)
    model = TransformerIntents(target, beside)
    guesses = [beside.guess(each.features) for each in held_out]
    mixture = best_mixture(
        np.stack([model.logits(each.features, each.text) for each in held_out]),
        np.array([CLASSES.index(each.intent) for each in held_out], dtype=np.int64),
        np.array([[guess.shares[intent] for intent in CLASSES] for guess in guesses]),
    )
    replace(
        plain,
        temperature=mixture.temperature,
        share=mixture.share,
    ).write(target)
    return TrainedIntents(
        folder=target,
        steps=trained.steps,
        held_out_loss=trained.held_out_loss,
        share=mixture.share,
    )


def _labelled(queries: Sequence[LabelledQuery], plain: IntentDescription) -> list[LabelledText]:
    return [
        LabelledText(
            text=each.text,
            label=CLASSES.index(each.intent),
            features=plain.numbers(each.features),
        )
        for each in queries
    ]
