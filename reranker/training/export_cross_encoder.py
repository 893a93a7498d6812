"""A trained cross-encoder as ONNX, in int8, proven to give the scores it gave before."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reranker.bert_graph import write_bert_graph
from reranker.bert_weights import BertWeights, NoPlainBertError, quantised_bert
from reranker.cross_encoder import (
    CARD_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILES,
    CrossEncoder,
    Pair,
    ScoringOptions,
    read_card,
)
from reranker.training.train_cross_encoder import require_training_extra
from search_core import RerankerTrainingError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_OPSET = 18
_EXAMPLE = [("red dress", "a red summer dress"), ("toner", "a dress")]
_LARGEST_DIFFERENCE = 1e-3
"""Of logits, between PyTorch and ONNX Runtime in fp32: other kernels, the same numbers."""
_LEAST_CORRELATION = 0.98
"""Of logits, between int8 and fp32: a rank within the window hardly moves above it."""
_FEWEST_PAIRS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedModel:
    """What an export came to."""

    folder: Path
    """Ready for `reranker.publish_cross_encoder`."""
    largest_difference: float
    """Between the logits of PyTorch and of ONNX Runtime in fp32."""
    correlation: float
    """Pearson's, between the logits of what was written and of PyTorch."""
    size_bytes: int
    compared_pairs: int


def export_cross_encoder(
    model: Path, target: Path, pairs: Sequence[Pair], *, quantise: bool = True
) -> ExportedModel:
    """Write `model.onnx`, `tokenizer.json` and `model_card.json`, and compare scores.

    Args:
        model: a Hugging Face folder of a cross-encoder with one label.
        target: the folder; what it held of an earlier export is replaced.
        pairs: of the shop, to compare scores on.
        quantise: int8 for the weights, with scales measured as the model runs; a quarter of the
            size and, on most CPUs, three times the speed. A BERT is written as the graph that a
            CPU computes fastest, another model as PyTorch exports it.

    Raises:
        RerankerTrainingError: the extra `train` is missing, there are too few pairs, or the scores
            differ by more than is tolerated. Then nothing is written.
    """
    if len(pairs) < _FEWEST_PAIRS:
        raise RerankerTrainingError(
            f"scores were to be compared on {len(pairs)} pairs; {_FEWEST_PAIRS} are the least",
            remedy="train on more queries, or give more pairs",
        )
    require_training_extra()
    building = target.with_name(f".{target.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        exported = _built(model, building, pairs, quantise=quantise)
        shutil.rmtree(target, ignore_errors=True)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return ExportedModel(
        folder=target,
        largest_difference=exported["largest_difference"],
        correlation=exported["correlation"],
        size_bytes=(target / WEIGHTS_FILES[0]).stat().st_size,
        compared_pairs=len(pairs),
    )


def _built(model: Path, building: Path, pairs: Sequence[Pair], *, quantise: bool) -> dict[str, Any]:
    card = read_card(model)
    options = ScoringOptions(max_tokens=int(card.get("max_tokens", ScoringOptions().max_tokens)))
    weights = building / WEIGHTS_FILES[0]
    expected, bert = _write_onnx(model, weights, pairs, options.max_tokens)
    shutil.copyfile(model / TOKENIZER_FILE, building / TOKENIZER_FILE)
    (building / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    plain = CrossEncoder(building, options).score(pairs)
    difference = float(np.abs(plain - expected).max())
    if difference > _LARGEST_DIFFERENCE:
        raise RerankerTrainingError(
            f"the export gives logits that differ by up to {difference:.4f} from PyTorch's "
            f"({_LARGEST_DIFFERENCE} is tolerated)",
            remedy="check that its tokenizer.json is the one it was trained with",
        )
    scores = plain
    if quantise:
        _quantise(weights, bert)
        scores = CrossEncoder(building, options).score(pairs)
    correlation = _correlation(scores, expected)
    if correlation < _LEAST_CORRELATION:
        raise RerankerTrainingError(
            f"in int8 the logits' correlation with PyTorch's is {correlation:.4f} "
            f"({_LEAST_CORRELATION} is the least)",
            remedy="export without int8 (--no-int8)",
        )
    told = {
        "int8": quantise,
        "largest_difference": difference,
        "correlation": correlation,
        "compared_pairs": len(pairs),
    }
    (building / CARD_FILE).write_text(json.dumps(card | {"export": told}, indent=2), "utf-8")
    return told


def _write_onnx(
    model: Path, target: Path, pairs: Sequence[Pair], max_tokens: int
) -> tuple[NDArray[np.float32], BertWeights | None]:
    """Export in fp32; return PyTorch's own logits of the pairs, and the weights of a BERT."""
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
    bert = _bert_weights(network, reads_segments="token_type_ids" in names)
    return np.asarray(expected, np.float32), bert


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


def _quantise(weights: Path, bert: BertWeights | None) -> None:
    if bert is not None:
        write_bert_graph(bert, weights)
        return
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    prepared = weights.with_suffix(".prepared")
    quant_pre_process(str(weights), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(weights), weight_type=QuantType.QInt8, per_channel=True)
    prepared.unlink()


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
