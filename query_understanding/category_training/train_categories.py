"""From examples to a folder that the serving path loads without PyTorch."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from query_understanding.categories.transformer_categories import (
    CategoryDescription,
    Kind,
    TransformerCategories,
)
from query_understanding.category_training.category_examples import CategoryExample
from query_understanding.category_training.category_report import counted_words
from query_understanding.classifier_training import (
    ClassifierTraining,
    LabelledText,
    best_mixture,
    train_classifier,
)
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import singular, unit_texts
from search_core import IndexingError, ProgressListener

_FEWEST_EXAMPLES = 3
"""Of a kind that is told: fewer are learned by heart."""
_FEWEST_KINDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedCategories:
    """What training came to."""

    folder: Path
    examples: int
    kinds: int
    steps: int
    held_out_loss: float
    """In nats, with the least loss of all measurements."""
    share: float
    """What the model counts beside counted words, 0 to 1."""


def train_categories(
    train: Sequence[CategoryExample],
    held_out: Sequence[CategoryExample],
    start: Path,
    target: Path,
    options: ClassifierTraining,
    progress: ProgressListener | None = None,
    *,
    beside: Lexicon | None = None,
) -> TrainedCategories:
    """Fine-tune a transformer, and write it as ONNX in int8 with what it tells apart.

    Args:
        train: what is learned from.
        held_out: what decides when to stop, how sure to be, and what the model counts.
        start: a Hugging Face folder of a BERT-like model with its tokenizer.json.
        target: the folder; it must not exist.
        options: epochs, learning rate, seed.
        progress: told of steps.
        beside: words of titles, counted without those of `held_out`, which the model is mixed with;
            `None`: it is not.

    Raises:
        ConfigurationError: the extra `train` is not installed.
        IndexingError: there are too few kinds to tell apart.
    """
    kinds = _told_apart(train)
    trained = train_classifier(
        _labelled(train, kinds), _labelled(held_out, kinds), len(kinds), start, target, options,
        progress,
    )  # fmt: skip
    plain = CategoryDescription(
        kinds=kinds, temperature=1.0, max_tokens=options.max_tokens, words=words_taught(train)
    )
    share = _calibrate(target, plain, held_out, beside)
    return TrainedCategories(
        folder=target,
        examples=len(train),
        kinds=len(kinds),
        steps=trained.steps,
        held_out_loss=trained.held_out_loss,
        share=share,
    )


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
) -> list[LabelledText]:
    """Return each text with the place of its kind; one about several is there once for each."""
    places = {kind: place for place, kind in enumerate(kinds)}
    return [
        LabelledText(text=each.text, label=places[kind])
        for each in examples
        for kind in each.kinds
        if kind in places
    ]


def words_taught(train: Sequence[CategoryExample]) -> tuple[str, ...]:
    """Return the words of graded queries, of which a model may learn what titles do not have."""
    graded = (each.text for each in train if each.graded)
    return tuple(sorted({singular(word) for text in graded for word in unit_texts(text)}))


def _calibrate(
    folder: Path,
    plain: CategoryDescription,
    held_out: Sequence[CategoryExample],
    beside: Lexicon | None,
) -> float:
    """Find how sure the model may be, as it will be served, and what it counts."""
    plain.write(folder)
    model = TransformerCategories(folder)
    rows = _labelled(held_out, plain.kinds)
    if not rows:
        return plain.share
    texts = [each.text for each in rows]
    mixture = best_mixture(
        np.stack([model.logits(each) for each in texts]),
        np.array([each.label for each in rows], dtype=np.int64),
        None if beside is None else _counted(texts, plain.kinds, beside),
        None if beside is None else np.array([model.coverage(each, beside) for each in texts]),
    )
    replace(
        plain,
        temperature=mixture.temperature,
        share=mixture.share,
    ).write(folder)
    return mixture.share


def _counted(
    texts: Sequence[str], kinds: Sequence[Kind | None], lexicon: Lexicon
) -> NDArray[np.float64]:
    """Return what counted words say, shape (n_texts, n_kinds)."""
    tell = counted_words(lexicon)
    rows = []
    for text in texts:
        shares = tell(text)
        # What is left to 1 are products without a kind.
        rest = 1.0 - sum(shares.values())
        rows.append([rest if kind is None else shares.get(kind, 0.0) for kind in kinds])
    return np.array(rows)
