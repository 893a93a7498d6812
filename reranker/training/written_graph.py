"""The graph of a trained cross-encoder in fp32, as PyTorch exports it, and what it should score."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reranker.bert_weights import BertWeights, NoPlainBertError, quantised_bert
from reranker.cross_encoder import Pair

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_OPSET = 18
_EXAMPLE = [("red dress", "a red summer dress"), ("toner", "a dress")]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenGraph:
    """What PyTorch says of the model that was written."""

    logits: NDArray[np.float32]
    """Of the pairs to compare, by PyTorch itself."""
    bert: BertWeights | None
    """Weights rounded to int8; `None`: it is another kind of model."""
    max_tokens: int


def write_graph(model: Path, target: Path, pairs: Sequence[Pair], max_tokens: int) -> WrittenGraph:
    """Export in fp32.

    Args:
        model: a Hugging Face folder.
        target: the ONNX file.
        pairs: to be scored by PyTorch.
        max_tokens: a longer pair is cut.
    """
    import torch  # noqa: PLC0415 - the extra `train`
    from sentence_transformers import CrossEncoder as TorchCrossEncoder  # noqa: PLC0415

    torch_model = TorchCrossEncoder(
        str(model),
        max_length=max_tokens,
        device="cpu",
        local_files_only=True,
        activation_fn=torch.nn.Identity(),
    )
    expected = torch_model.predict(list(pairs), show_progress_bar=False)
    network = torch_model.transformers_model.eval()
    inputs = torch_model.tokenizer(
        [query for query, _ in _EXAMPLE],
        [passage for _, passage in _EXAMPLE],
        padding=True,
        return_tensors="pt",
    )
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in inputs]
    axes = {0: torch.export.Dim("pairs"), 1: torch.export.Dim("tokens", max=max_tokens)}
    torch.onnx.export(
        network,
        (),
        str(target),
        kwargs={name: inputs[name] for name in names},
        input_names=names,
        output_names=["logits"],
        dynamic_shapes=dict.fromkeys(names, axes),
        opset_version=_OPSET,
        external_data=False,
        dynamo=True,
        verbose=False,
    )
    return WrittenGraph(
        logits=np.asarray(expected, np.float32),
        bert=_bert_weights(network, reads_segments="token_type_ids" in names),
        max_tokens=max_tokens,
    )


def _bert_weights(network: "PreTrainedModel", *, reads_segments: bool) -> BertWeights | None:
    """Return the weights of a BERT, rounded to int8; `None`: it is another kind of model."""
    config = network.config
    if config.model_type != "bert" or config.hidden_act != "gelu":
        return None
    weights = {name: values.float().numpy() for name, values in network.state_dict().items()}
    try:
        return quantised_bert(
            weights,
            heads=config.num_attention_heads,
            epsilon=config.layer_norm_eps,
            reads_segments=reads_segments,
        )
    except NoPlainBertError:
        return None
