"""Checkpoints of what is trained: the other weights are those of the start, which is still there.

Of a model in many languages two thirds are word embeddings, which most trainings leave alone; with
adapters nearly all weights stay as they are.
"""

from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import TrainerState, TrainingArguments

from search_core import ConfigurationError

TRAINED_WEIGHTS_FILE = "trained.safetensors"
"""In the folder of a checkpoint."""


class TrainedWeightsKept:
    """What a trainer of `transformers` is derived from, before the library's own class.

    It takes the place of three steps of the trainer: writing a checkpoint's weights, going on from
    them, and going back to the best.
    """

    model: nn.Module
    args: TrainingArguments
    state: TrainerState

    def _save(self, output_dir: str | None = None, state_dict: object = None) -> None:
        del state_dict
        folder = Path(output_dir or self.args.output_dir)
        folder.mkdir(parents=True, exist_ok=True)
        weights = {name: each.contiguous() for name, each in _trained(self.model).items()}
        save_file(weights, str(folder / TRAINED_WEIGHTS_FILE))

    def _load_from_checkpoint(self, checkpoint: str, model: object = None) -> None:
        del model
        load_trained_weights(self.model, Path(checkpoint))

    def _load_best_model(self) -> None:
        load_trained_weights(self.model, Path(self.state.best_model_checkpoint))


def load_trained_weights(model: nn.Module, checkpoint: Path) -> None:
    """Give a model the weights of a checkpoint.

    Args:
        model: what of it is trained is what the checkpoint has.
        checkpoint: its folder.

    Raises:
        ConfigurationError: the checkpoint is of another training.
    """
    file = checkpoint / TRAINED_WEIGHTS_FILE
    found = load_file(str(file)) if file.is_file() else {}
    trained = _trained(model)
    same = {name: each.shape for name, each in found.items()} == {
        name: each.shape for name, each in trained.items()
    }
    if not same:
        raise ConfigurationError(
            f"the checkpoint {checkpoint} does not have the weights that are trained",
            remedy=f"delete {checkpoint.parent} to begin anew, or train into another folder",
        )
    model.load_state_dict(found, strict=False)


def _trained(model: nn.Module) -> dict[str, Tensor]:
    return {name: each.detach() for name, each in model.named_parameters() if each.requires_grad}
