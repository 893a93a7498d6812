"""A model of categories for tests: each word votes for its kind.

Never used in a shop. Making it needs `onnx`, which belongs to the extra `dev`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from query_understanding.categories.transformer_categories import CategoryDescription, Kind
from query_understanding.text_classifier import TOKENIZER_FILE, WEIGHTS_FILE


def write_word_classifier(
    folder: Path,
    votes: Mapping[str, Sequence[float]],
    kinds: tuple[Kind | None, ...],
    *,
    temperature: float = 1.0,
    max_tokens: int = 8,
    words: tuple[str, ...] = (),
    share: float = 1.0,
) -> Path:
    """Write a model whose logits are the sums of its words' votes.

    Args:
        folder: it is made.
        votes: word → logit of each kind.
        kinds: what the logits stand for.
        temperature: what logits are divided by.
        max_tokens: longer queries are cut.
        words: of graded queries.
        share: what the model counts beside counted words.

    Returns:
        `folder`.
    """
    import onnx  # noqa: PLC0415 - a tool of development
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    folder.mkdir(parents=True)
    ids_of = {word: number for number, word in enumerate(("[UNK]", *votes))}
    tokenizer = Tokenizer(models.WordLevel(ids_of, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / TOKENIZER_FILE))
    table = np.array([[0.0] * len(kinds), *votes.values()], np.float32)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["queries", "tokens"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["queries", len(kinds)])
    nodes = [
        helper.make_node("Gather", ["votes", "input_ids"], ["of_words"]),
        helper.make_node("ReduceSum", ["of_words", "axis"], ["logits"], keepdims=0),
    ]
    constants = [
        numpy_helper.from_array(table, "votes"),
        numpy_helper.from_array(np.array([1], np.int64), "axis"),
    ]
    graph = helper.make_graph(nodes, "votes", [ids], [logits], constants)
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), folder / WEIGHTS_FILE)
    CategoryDescription(
        kinds=kinds, temperature=temperature, max_tokens=max_tokens, words=words, share=share
    ).write(folder)
    return folder
