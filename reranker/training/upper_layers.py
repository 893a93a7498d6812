"""Training of a model's upper layers over states that the lower ones gave once (extra `train`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from transformers import Trainer, TrainerControl

from model_training.loop import TrainedWeightsKept, TrainerRun, run_trainer
from reranker.cross_encoder import Pair
from reranker.training.fine_tuning import METRIC, training_arguments, training_callbacks
from reranker.training.frozen_states import FrozenStates
from reranker.training.list_losses import list_loss
from reranker.training.ranking_quality import mean_ndcg
from reranker.training.training_group import TrainingGroup, TrainingSplit
from search_core import ProgressListener
from search_core.settings import RerankerTrainingSettings

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_SCORED_AT_ONCE = 64
_SIZES = "sizes"
_TARGETS = "targets"


def train_upper_layers(
    model: "PreTrainedModel",
    states: FrozenStates,
    split: TrainingSplit,
    target: Path,
    settings: RerankerTrainingSettings,
    progress: ProgressListener,
) -> TrainerRun:
    """Train a model that reads states, and leave it with the weights of the best measurement.

    Checkpoints and logs lie in the target; a call that finds some goes on from the last one.

    Args:
        model: the upper layers.
        states: of all pairs of the groups.
        split: groups to learn from and to measure on.
        target: folder, made if need be.
        settings: loss, epochs, learning rate, patience, seed.
        progress: told of steps.

    Raises:
        ConfigurationError: the checkpoints are of another training.
    """
    trainer = _ListTrainer(
        model=model,
        args=training_arguments(target, len(split.train), settings.lists_per_step, settings),
        train_dataset=list(split.train),
        eval_dataset=list(split.held_out),
        data_collator=_Collator(states),
        callbacks=training_callbacks(target, settings, progress),
    )
    trainer.settings, trainer.states = settings, states
    return run_trainer(trainer)


def upper_logits(
    model: "PreTrainedModel", states: FrozenStates, pairs: Sequence[Pair]
) -> dict[Pair, float]:
    """Return the logit of each pair.

    Args:
        model: the upper layers.
        states: of these pairs.
        pairs: in any order.
    """
    model.eval()
    logits: dict[Pair, float] = {}
    by_length = sorted(pairs, key=lambda pair: states.places[pair][1] - states.places[pair][0])
    for first in range(0, len(by_length), _SCORED_AT_ONCE):
        part = by_length[first : first + _SCORED_AT_ONCE]
        with torch.no_grad():
            found = _logits(model, *(each.to(model.device) for each in states.batch(part)))
        logits.update(zip(part, found.tolist(), strict=True))
    return logits


def held_out_order(
    model: "PreTrainedModel", states: FrozenStates, groups: Sequence[TrainingGroup]
) -> float:
    """Return nDCG@10 of groups by their own targets.

    Args:
        model: the upper layers.
        states: of all their pairs.
        groups: informative ones.
    """
    logits = upper_logits(model, states, [pair for each in groups for pair in each.pairs])
    return mean_ndcg(groups, [[logits[pair] for pair in each.pairs] for each in groups])


class _Collator:
    """Makes a step's input of groups."""

    def __init__(self, states: FrozenStates) -> None:
        self._states = states

    def __call__(self, groups: Sequence[TrainingGroup]) -> dict[str, Tensor]:
        inputs, mask = self._states.batch([pair for each in groups for pair in each.pairs])
        return {
            "inputs_embeds": inputs,
            "attention_mask": mask,
            _SIZES: torch.tensor([len(each.passages) for each in groups]),
            _TARGETS: torch.tensor([target for each in groups for target in each.targets]),
        }


class _ListTrainer(TrainedWeightsKept, Trainer):  # type: ignore[misc] # the library has no types
    """The library's trainer, with lists of pairs as examples."""

    settings: RerankerTrainingSettings
    states: FrozenStates

    def compute_loss(
        self, model: nn.Module, inputs: Mapping[str, Tensor], *others: object, **options: object
    ) -> Tensor:
        """Return the mean over lists."""
        del others, options
        sizes = inputs[_SIZES].tolist()
        logits = _logits(model, inputs["inputs_embeds"], inputs["attention_mask"]).split(sizes)
        targets = inputs[_TARGETS].split(sizes)
        lists = zip(logits, targets, strict=True)
        return torch.stack([list_loss(self.settings.loss, *each) for each in lists]).mean()

    def evaluate(self, *others: object, **options: object) -> dict[str, float]:
        """Measure the order of the held-out groups."""
        del others, options
        metrics = {f"eval_{METRIC}": held_out_order(self.model, self.states, self.eval_dataset)}
        self.log(metrics)
        told = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        self.control: TrainerControl = told
        return metrics


def _logits(model: nn.Module, inputs: Tensor, mask: Tensor) -> Tensor:
    found: Tensor = model(inputs_embeds=inputs, attention_mask=mask).logits
    return found[:, 0]
