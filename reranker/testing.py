"""A pair scorer without a model, and a model small enough to be made in a test.

Neither is ever used in a shop.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from reranker.cross_encoder import CARD_FILE, TOKENIZER_FILE, WEIGHTS_FILES
from reranker.pair_scorer import Pair, PairScores, ScorerIdentity
from search_core import RerankerError

if TYPE_CHECKING:
    import onnx

WORD_VALUES: Mapping[str, float] = MappingProxyType(
    {"red": 1.0, "dress": 2.0, "summer": 0.5, "toner": -3.0, "black": -1.0}
)
"""What each word of a passage adds to its logit, by the model that `write_word_model` makes."""
_SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


class WordOverlapScorer:
    """Counts the words that query and passage share: for tests only. Can be told to fail."""

    def __init__(self, model_id: str = "words@1", languages: Sequence[str] = ()) -> None:
        self.model_id = model_id
        self.languages = tuple(languages)
        self.failure: RerankerError | None = None
        """Raised instead of an answer."""
        self.revived = 0
        self.scored: list[Pair] = []
        """Every pair that was asked for."""
        self.gate: asyncio.Event | None = None
        """Waited for before an answer."""

    async def score(self, pairs: Sequence[Pair], timeout_seconds: float) -> PairScores:
        """Score pairs."""
        del timeout_seconds
        await self._obey()
        self.scored += pairs
        return PairScores(
            logits=tuple(_shared_words(query, passage) for query, passage in pairs),
            model_id=self.model_id,
        )

    async def identity(self, timeout_seconds: float) -> ScorerIdentity:
        """Say which model this is."""
        del timeout_seconds
        await self._obey()
        return ScorerIdentity(model_id=self.model_id, languages=self.languages)

    async def revive(self, timeout_seconds: float) -> None:
        """Count."""
        del timeout_seconds
        self.revived += 1

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def _obey(self) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure


def _shared_words(query: str, passage: str) -> float:
    words, others = (set(re.findall(r"\w+", text.casefold())) for text in (query, passage))
    return float(len(words & others))


def write_word_model(
    folder: Path,
    *,
    languages: Sequence[str] | None = None,
    labels: int = 1,
    scale: float = 1.0,
    max_tokens: int | None = None,
) -> Path:
    """Make a cross-encoder that adds up `WORD_VALUES` of a passage, and return its folder.

    Args:
        folder: is made.
        languages: of its card; `None`: the card names none.
        labels: numbers a pair gets; with 2, the second minus the first is the logit.
        scale: multiplies every value.
        max_tokens: of its card.
    """
    import onnx  # noqa: PLC0415 - takes a third of a second to import

    folder.mkdir(parents=True)
    onnx.save(_word_graph(labels, scale), folder / WEIGHTS_FILES[0])
    (folder / TOKENIZER_FILE).write_text(_word_tokenizer(), encoding="utf-8")
    card: dict[str, object] = {"name": folder.name}
    card |= {} if languages is None else {"languages": list(languages)}
    card |= {} if max_tokens is None else {"max_tokens": max_tokens}
    (folder / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    return folder


def _word_graph(labels: int, scale: float) -> "onnx.ModelProto":
    import numpy as np  # noqa: PLC0415 - with onnx
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    values = np.array([0.0] * len(_SPECIAL_TOKENS) + list(WORD_VALUES.values()), np.float32)
    columns = np.array([[1.0]] if labels == 1 else [[-0.5, 0.5, 0.0][:labels]], np.float32)
    return helper.make_model(
        helper.make_graph(
            [
                helper.make_node("Gather", ["values", "input_ids"], ["of_words"]),
                helper.make_node("Cast", ["token_type_ids"], ["in_passage"], to=TensorProto.FLOAT),
                helper.make_node("Mul", ["of_words", "in_passage"], ["counted"]),
                helper.make_node("ReduceSum", ["counted", "axis"], ["sum"], keepdims=1),
                helper.make_node("MatMul", ["sum", "columns"], ["logits"]),
            ],
            "words",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, ["pairs", "tokens"])
                for name in ("input_ids", "attention_mask", "token_type_ids")
            ],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["pairs", labels])],
            [
                numpy_helper.from_array(values * np.float32(scale), "values"),
                numpy_helper.from_array(np.array([1], np.int64), "axis"),
                numpy_helper.from_array(columns, "columns"),
            ],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )


def _word_tokenizer() -> str:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: PLC0415

    words = (*_SPECIAL_TOKENS, *WORD_VALUES)
    vocabulary = {word: place for place, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    return tokenizer.to_str()
