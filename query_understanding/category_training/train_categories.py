"""From examples to a folder that the serving path loads without PyTorch."""

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from query_understanding.categories.transformer_categories import (
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    CategoryDescription,
    Kind,
    TransformerCategories,
)
from query_understanding.category_training.category_examples import CategoryExample
from query_understanding.intents.softmax_training import best_temperature
from query_understanding.lexicon.product_words import singular, unit_texts
from search_core import ConfigurationError, IndexingError, ProgressListener, SilentProgress

_FEWEST_EXAMPLES = 3
"""Of a kind that is told: fewer are learned by heart."""
_FEWEST_KINDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTraining:
    """How a model is trained."""

    epochs: int = 40
    """Passes over the examples at most: six left 196 kinds of some five products hardly told."""
    patience: int = 3
    """Measurements without a smaller loss after which training stops; there is one an epoch."""
    learning_rate: float = 3e-4
    batch: int = 64
    max_tokens: int = 24
    """Longer queries are cut."""
    threads: int = 0
    """Cores that PyTorch uses; 0: all."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedCategories:
    """What training came to."""

    folder: Path
    examples: int
    kinds: int
    steps: int
    held_out_loss: float
    """In nats, with the least loss of all measurements."""


def train_categories(
    train: Sequence[CategoryExample],
    held_out: Sequence[CategoryExample],
    start: Path,
    target: Path,
    options: CategoryTraining,
    progress: ProgressListener | None = None,
) -> TrainedCategories:
    """Fine-tune a transformer, and write it as ONNX in int8 with what it tells apart.

    Args:
        train: what is learned from.
        held_out: what decides when to stop, and how sure to be.
        start: a Hugging Face folder of a BERT-like model with its tokenizer.json.
        target: the folder; it must not exist.
        options: epochs, learning rate, seed.
        progress: told of steps.

    Raises:
        ConfigurationError: the extra `train` is not installed.
        IndexingError: there are too few kinds to tell apart.
    """
    require_training_extra()
    from query_understanding.category_training.fine_tuning import fine_tune  # noqa: PLC0415
    from query_understanding.category_training.onnx_export import (  # noqa: PLC0415
        export_classifier,
    )

    kinds = _told_apart(train)
    work = target.with_name(f"{target.name}.training")
    try:
        tuned = fine_tune(
            start, _labelled(train, kinds), _labelled(held_out, kinds), len(kinds), work, options,
            progress or SilentProgress(),
        )  # fmt: skip
        target.mkdir(parents=True)
        shutil.copyfile(start / TOKENIZER_FILE, target / TOKENIZER_FILE)
        export_classifier(tuned.model, target / WEIGHTS_FILE, options.max_tokens)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _calibrate(
        target,
        CategoryDescription(
            kinds=kinds,
            temperature=1.0,
            max_tokens=options.max_tokens,
            words=words_taught(train),
        ),
        held_out,
    )
    return TrainedCategories(
        folder=target,
        examples=len(train),
        kinds=len(kinds),
        steps=tuned.steps,
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


def _told_apart(train: Sequence[CategoryExample]) -> tuple[Kind | None, ...]:
    counts = Counter(kind for each in train for kind in each.kinds)
    kinds = sorted(
        kind for kind, count in counts.items() if kind is not None and count >= _FEWEST_EXAMPLES
    )
    if len(kinds) < _FEWEST_KINDS:
        raise IndexingError(
            f"the catalogue has {len(kinds)} kinds of product with {_FEWEST_EXAMPLES} examples "
            f"or more; {_FEWEST_KINDS} are the least that can be told apart",
            remedy="map product types or categories in catalog.toml and reindex",
        )
    return (*kinds, *([None] if counts[None] else []))


def _labelled(
    examples: Sequence[CategoryExample], kinds: Sequence[Kind | None]
) -> list[tuple[str, int]]:
    """Return each text with the place of its kind; one about several is there once for each."""
    places = {kind: place for place, kind in enumerate(kinds)}
    return [(each.text, places[kind]) for each in examples for kind in each.kinds if kind in places]


def words_taught(train: Sequence[CategoryExample]) -> tuple[str, ...]:
    """Return the words of graded queries, of which a model may learn what titles do not have."""
    graded = (each.text for each in train if each.graded)
    return tuple(sorted({singular(word) for text in graded for word in unit_texts(text)}))


def _calibrate(
    folder: Path, plain: CategoryDescription, held_out: Sequence[CategoryExample]
) -> None:
    """Find how sure the model may be, as it will be served."""
    plain.write(folder)
    model = TransformerCategories(folder)
    rows = _labelled(held_out, plain.kinds)
    if not rows:
        return
    logits = np.stack([model.logits(text) for text, _ in rows]).astype(np.float64)
    labels = np.array([label for _, label in rows], dtype=np.int64)
    warm = best_temperature(logits, labels)
    replace(plain, temperature=warm).write(folder)
