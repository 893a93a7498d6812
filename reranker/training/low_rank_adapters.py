"""Low-rank adapters: two narrow matrices beside a layer are trained, and the layer is not.

A weight `W` becomes `W + B A alpha / rank`, with `A` of `rank` rows and `B` of `rank` columns. `B`
starts at zero, so that a training begins with the model as it is. Source: Hu et al. 2021, LoRA.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from peft import LoraConfig, get_peft_model
from peft.utils import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as USUAL_LAYERS
from torch import nn

from search_core import RerankerTrainingError
from search_core.settings import RerankerTrainingSettings

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_ALPHA_FOR_RANK = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningWeights:
    """What of a model is trained."""

    number: int
    """Weights."""
    adapted: tuple[str, ...] = ()
    """What the layers with adapters are called; empty: layers are trained themselves."""


@contextmanager
def learning_weights(
    model: "PreTrainedModel", settings: RerankerTrainingSettings
) -> Iterator[LearningWeights]:
    """Give a model adapters, where settings want some, and merge them when training is over.

    With adapters the head is trained as well, since most starts have a new one; all else stays.

    Args:
        model: a BERT-like cross-encoder, changed in place.
        settings: rank, alpha, dropout and layers of the adapters, seed.

    Raises:
        RerankerTrainingError: the model has no such layers, or none so wide.
    """
    if not settings.lora_rank:
        yield LearningWeights(number=_learning(model))
        return
    layers = _adapted_layers(model, settings)
    torch.manual_seed(settings.seed)
    adapted = get_peft_model(
        model,
        LoraConfig(
            r=settings.lora_rank,
            lora_alpha=settings.lora_alpha or _ALPHA_FOR_RANK * settings.lora_rank,
            lora_dropout=settings.lora_dropout,
            target_modules=list(layers),
        ),
    )
    _train_head(model)
    names = dict.fromkeys(each.rsplit(".", 1)[-1] for each in layers)
    yield LearningWeights(number=_learning(model), adapted=tuple(names))
    adapted.merge_and_unload()


def _adapted_layers(
    model: "PreTrainedModel", settings: RerankerTrainingSettings
) -> tuple[str, ...]:
    """Return the whole names of the linear layers that get adapters; the head gets none."""
    place = f"{model.base_model_prefix}.encoder"
    inner = {
        name: layer
        for name, layer in model.base_model.encoder.named_modules(prefix=place)
        if isinstance(layer, nn.Linear)
    }
    wanted = settings.lora_modules or _usual(model)
    missing = [each for each in wanted if not any(_is_called(name, each) for name in inner)]
    if missing or not wanted:
        known = sorted({name.rsplit(".", 1)[-1] for name in inner})
        raise RerankerTrainingError(
            f"the start has no layers {', '.join(missing) or 'that usually get adapters'}",
            remedy=f"set reranker.training.lora_modules to some of {', '.join(known)}",
        )
    layers = [name for name in inner if any(_is_called(name, each) for each in wanted)]
    narrowest = min(min(inner[each].weight.shape) for each in layers)
    if settings.lora_rank >= narrowest:
        raise RerankerTrainingError(
            f"adapters of rank {settings.lora_rank} are no smaller than layers of {narrowest}",
            remedy="lower reranker.training.lora_rank (4 to 64 are usual), or set it to 0",
        )
    return tuple(layers)


def _usual(model: "PreTrainedModel") -> Sequence[str]:
    """Return what the library says of the architecture: queries and values of attention."""
    usual: Sequence[str] = USUAL_LAYERS.get(model.config.model_type, ())
    return usual


def _is_called(name: str, wanted: str) -> bool:
    return f".{name}".endswith(f".{wanted}")


def _train_head(model: "PreTrainedModel") -> None:
    body = (model.base_model.embeddings, model.base_model.encoder)
    of_body = {id(each) for part in body for each in part.parameters()}
    for each in model.parameters():
        if id(each) not in of_body:
            each.requires_grad_(requires_grad=True)


def _learning(model: nn.Module) -> int:
    return sum(each.numel() for each in model.parameters() if each.requires_grad)
