"""What the weights of an exported graph are stored in."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from reranker.activation_ranges import measure_activation_ranges
from reranker.bert_graph import write_bert_graph
from reranker.cross_encoder import Pair
from reranker.training.written_graph import WrittenGraph
from search_core import RerankerTrainingError


class Precision(StrEnum):
    """What numbers are stored in."""

    INT8 = "int8"
    """A quarter of the size and, on most CPUs, several times the speed; for a CPU."""
    FP16 = "fp16"
    """Half the size; for a GPU. A CPU widens every number again, and is slower."""
    FP32 = "fp32"
    """As it was trained."""


def store_in(
    precision: Precision,
    weights: Path,
    written: WrittenGraph,
    tokenizer: Path,
    calibration: Sequence[Pair],
) -> None:
    """Store a graph that is in fp32 in another precision, in the same file.

    Args:
        precision: the new one.
        weights: the ONNX file.
        written: what it holds.
        tokenizer: the model's `tokenizer.json`.
        calibration: for int8, pairs to fix the scales of activations on; empty: they stay dynamic.

    Raises:
        RerankerTrainingError: there are pairs to calibrate on, and it is not int8 of a BERT.
    """
    if calibration and (precision is not Precision.INT8 or written.bert is None):
        raise RerankerTrainingError(
            "only a BERT in int8 can be calibrated, and this is "
            + ("another model" if precision is Precision.INT8 else precision),
            remedy="export without --calibrate",
        )
    if precision is Precision.FP16:
        _halve(weights)
    elif precision is Precision.INT8 and written.bert is None:
        _quantise(weights)
    elif precision is Precision.INT8 and written.bert is not None:
        ranges = (
            measure_activation_ranges(written.bert, tokenizer, calibration, written.max_tokens)
            if calibration
            else None
        )
        write_bert_graph(written.bert, weights, ranges=ranges)


def _halve(weights: Path) -> None:
    import onnx  # noqa: PLC0415 - takes a third of a second
    from onnxruntime.transformers.float16 import convert_float_to_float16  # noqa: PLC0415

    # Ids and logits stay as they are, so that whoever asks need not know.
    halved = convert_float_to_float16(onnx.load(str(weights)), keep_io_types=True)
    onnx.save(halved, str(weights))


def _quantise(weights: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    prepared = weights.with_suffix(".prepared")
    quant_pre_process(str(weights), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(weights), weight_type=QuantType.QInt8, per_channel=True)
    prepared.unlink()
