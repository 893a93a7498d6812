"""Fine-tuning that leaves the lower layers as they are."""

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from transformers import AutoModelForSequenceClassification

from model_training.loop import prepare_torch
from reranker.cross_encoder import TOKENIZER_FILE, Pair
from reranker.training.fine_tuning import FineTuned
from reranker.training.frozen_states import FrozenStates, SplitModel
from reranker.training.low_rank_adapters import learning_weights
from reranker.training.training_group import TrainingSplit
from reranker.training.upper_layers import held_out_order, train_upper_layers
from search_core import ProgressListener
from search_core.settings import RerankerTrainingSettings

_logger = logging.getLogger(__name__)

STATES_FILE = "states.npy"
"""In the folder of a training that runs."""
_TOKENIZER_FILES = (TOKENIZER_FILE, "tokenizer_config.json", "special_tokens_map.json")


def fine_tune_upper_layers(
    start: Path,
    split: TrainingSplit,
    target: Path,
    settings: RerankerTrainingSettings,
    progress: ProgressListener,
) -> FineTuned:
    """Train the layers above `settings.frozen_layers`, as `fine_tune` trains all.

    Args:
        start: a Hugging Face folder of a cross-encoder with one label.
        split: groups to learn from and to measure on.
        target: made if need be; gets the model, `checkpoints` and `logs`, and holds the states
            while training runs. Those of a training that was killed are written over.
        settings: frozen layers, adapters, loss, epochs, learning rate, patience, seed.
        progress: told of pairs and steps.

    Raises:
        ConfigurationError: its checkpoints are of another training.
        RerankerTrainingError: no layer would be left to train, the adapters do not fit the model,
            or there is no room for the states.
    """
    target.mkdir(parents=True, exist_ok=True)
    groups = (*split.train, *split.held_out)
    pairs = tuple(dict.fromkeys(pair for each in groups for pair in each.pairs))
    with split_model(start, pairs, target / STATES_FILE, settings, progress) as (model, states):
        before = held_out_order(model.upper, states, split.held_out)
        with learning_weights(model.upper, settings) as learning:
            run = train_upper_layers(model.upper, states, split, target, settings, progress)
        after = held_out_order(model.upper, states, split.held_out)
        model.save(target)
    for name in _TOKENIZER_FILES:
        if (start / name).is_file():
            shutil.copyfile(start / name, target / name)
    _logger.info("fine_tuned_upper_layers before=%.4f after=%.4f", before, after)
    return FineTuned(
        folder=target,
        before=before,
        after=after,
        steps=run.steps,
        resumed_at=run.resumed_at,
        learning=learning,
    )


@contextmanager
def split_model(
    start: Path,
    pairs: Sequence[Pair],
    file: Path,
    settings: RerankerTrainingSettings,
    progress: ProgressListener,
) -> Iterator[tuple[SplitModel, FrozenStates]]:
    """Give a start taken apart, and the states of pairs, whose file is deleted in the end.

    Args:
        start: a Hugging Face folder of a cross-encoder with one label.
        pairs: distinct ones.
        file: for the states.
        settings: frozen layers, tokens, threads, seed.
        progress: told of pairs.

    Raises:
        RerankerTrainingError: no layer would be left to train, or there is no room for the states.
    """
    prepare_torch(threads=settings.threads, seed=settings.seed)
    whole = AutoModelForSequenceClassification.from_pretrained(start, local_files_only=True)
    model = SplitModel(whole, settings.frozen_layers)
    try:
        yield model, model.states(pairs, start, file, settings.max_tokens, progress)
    finally:
        file.unlink(missing_ok=True)
