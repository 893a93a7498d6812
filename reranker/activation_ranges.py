"""How far activations reach, measured on pairs of the shop: what static quantisation needs."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from reranker.bert_graph import ActivationRange, write_observed_graph
from reranker.bert_weights import BertWeights
from reranker.cross_encoder import Pair

_RARE_PERCENT = 1.0
"""Of the pairs, how many may reach further at either end, and are cut there. The wider range of
all of them makes every step coarser: measured in ADR 0046."""


def measure_activation_ranges(
    weights: BertWeights, tokenizer: Path, pairs: Sequence[Pair], max_tokens: int
) -> Mapping[str, ActivationRange]:
    """Compute pairs one by one, as they run in int8, and return the range of what is multiplied.

    Args:
        weights: of the model.
        tokenizer: its `tokenizer.json`.
        pairs: some hundreds, like those that will be scored.
        max_tokens: a longer pair is cut.
    """
    reading = Tokenizer.from_file(str(tokenizer))
    reading.no_padding()
    reading.enable_truncation(max_tokens, strategy="longest_first")
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "observed.onnx"
        outputs = write_observed_graph(weights, graph)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    names = tuple(dict.fromkeys(outputs.values()))
    reached = np.array([_reached(session, reading, names, pair) for pair in pairs])
    lowest = np.percentile(reached[:, :, 0], _RARE_PERCENT, axis=0)
    highest = np.percentile(reached[:, :, 1], 100 - _RARE_PERCENT, axis=0)
    places = {name: place for place, name in enumerate(names)}
    return {
        read: ActivationRange(
            lowest=float(lowest[places[name]]), highest=float(highest[places[name]])
        )
        for read, name in outputs.items()
    }


def _reached(
    session: onnxruntime.InferenceSession,
    tokenizer: Tokenizer,
    names: Sequence[str],
    pair: Pair,
) -> list[tuple[float, float]]:
    """Return the lowest and highest value of each output for a pair."""
    encoding = tokenizer.encode(*pair)
    feed = {
        "input_ids": encoding.ids,
        "attention_mask": encoding.attention_mask,
        "token_type_ids": encoding.type_ids,
    }
    given = {each.name: np.array([feed[each.name]], np.int64) for each in session.get_inputs()}
    return [(values.min(), values.max()) for values in session.run(list(names), given)]
