"""A trained cross-encoder as ONNX, proven to give the scores it gave before."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_training import require_training_extra
from reranker.cross_encoder import (
    CARD_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILES,
    CrossEncoder,
    Pair,
    ScoringOptions,
    read_card,
)
from reranker.training.stored_precision import Precision, store_in
from reranker.training.written_graph import write_graph
from search_core import RerankerTrainingError

_LARGEST_DIFFERENCE = 1e-3
"""Of logits, between PyTorch and ONNX Runtime in fp32: other kernels, the same numbers."""
_LEAST_CORRELATION = MappingProxyType(
    {Precision.INT8: 0.98, Precision.FP16: 0.9999, Precision.FP32: 0.9999}
)
"""Of logits with PyTorch's in fp32. In int8 a rank within the window hardly moves above it; fp16
has three digits, and should not move any."""
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
    model: Path,
    target: Path,
    pairs: Sequence[Pair],
    *,
    precision: Precision = Precision.INT8,
    calibration: Sequence[Pair] = (),
) -> ExportedModel:
    """Write `model.onnx`, `tokenizer.json` and `model_card.json`, and compare scores.

    Args:
        model: a Hugging Face folder of a cross-encoder with one label.
        target: the folder; what it held of an earlier export is replaced.
        pairs: of the shop, to compare scores on.
        precision: what the weights are stored in. In int8 a BERT is written as the graph that a
            CPU computes fastest, another model as PyTorch exports it.
        calibration: for int8 of a BERT, pairs from which the scales of activations are fixed.
            Empty: they are measured as the model runs.

    Raises:
        ConfigurationError: the extra `train` is not installed.
        RerankerTrainingError: there are too few pairs, calibration is not for this model, or the
            scores differ by more than is tolerated. Then nothing is written.
    """
    _check_enough(pairs, "compared")
    if calibration:
        _check_enough(calibration, "calibrated")
    require_training_extra()
    building = target.with_name(f".{target.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        exported = _built(model, building, pairs, precision, calibration)
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


def _check_enough(pairs: Sequence[Pair], what: str) -> None:
    if len(pairs) < _FEWEST_PAIRS:
        raise RerankerTrainingError(
            f"scores were to be {what} on {len(pairs)} pairs; {_FEWEST_PAIRS} are the least",
            remedy="train on more queries, or give more pairs",
        )


def _built(
    model: Path,
    building: Path,
    pairs: Sequence[Pair],
    precision: Precision,
    calibration: Sequence[Pair],
) -> Mapping[str, Any]:
    card = read_card(model)
    options = ScoringOptions(max_tokens=int(card.get("max_tokens", ScoringOptions().max_tokens)))
    weights = building / WEIGHTS_FILES[0]
    written = write_graph(model, weights, pairs, options.max_tokens)
    shutil.copyfile(model / TOKENIZER_FILE, building / TOKENIZER_FILE)
    (building / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    plain = CrossEncoder(building, options).score(pairs)
    difference = float(np.abs(plain - written.logits).max())
    if difference > _LARGEST_DIFFERENCE:
        raise RerankerTrainingError(
            f"the export gives logits that differ by up to {difference:.4f} from PyTorch's "
            f"({_LARGEST_DIFFERENCE} is tolerated)",
            remedy="check that its tokenizer.json is the one it was trained with",
        )
    store_in(precision, weights, written, building / TOKENIZER_FILE, calibration)
    scores = CrossEncoder(building, options).score(pairs)
    correlation = _correlation(scores, written.logits)
    if correlation < _LEAST_CORRELATION[precision]:
        raise RerankerTrainingError(
            f"in {precision} the logits' correlation with PyTorch's is {correlation:.4f} "
            f"({_LEAST_CORRELATION[precision]} is the least)",
            remedy=f"export with --precision {Precision.FP32}",
        )
    told = {
        "precision": precision,
        "calibrated_on_pairs": len(calibration),
        "largest_difference": difference,
        "correlation": correlation,
        "compared_pairs": len(pairs),
    }
    (building / CARD_FILE).write_text(json.dumps(card | {"export": told}, indent=2), "utf-8")
    return told


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
