"""Tags that a language model writes. What it does not answer, the rules' tags stand in for."""

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import orjson

from indexer.enrichment.llm_answer import (
    PROMPT_VERSION,
    AnsweredProduct,
    AnsweredTags,
    likely_output_tokens,
    tags_request,
    told_of,
    usable_tags,
)
from search_core import LanguageModel, LanguageModelError, ModelRequest, Product, Tag, TagKind

_logger = logging.getLogger(__name__)

_KEY_BYTES = 16


class TagMemory(Protocol):
    """Keeps texts by key: `language_models.AnswerCache`."""

    def lookup(self, keys: Sequence[bytes]) -> dict[bytes, str]:
        """Return what is there."""
        ...

    def store(self, answers: Mapping[bytes, str]) -> None:
        """Keep more."""
        ...


@dataclass(slots=True, kw_only=True)
class LlmTagCounts:
    """What became of the products of a run."""

    remembered: int = 0
    """Tags came from the cache."""
    answered: int = 0
    unanswered: Counter[str] = field(default_factory=Counter)
    """By the code of the error: these products have the other generators' tags only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredTags:
    """What would be sent for products."""

    requests: tuple[ModelRequest[AnsweredTags], ...]
    products: int
    """Products in them; the others' tags are in the cache."""
    likely_output_tokens: int


class LlmTags:
    """Generates tags by a language model; see `TagGenerator`.

    A product's tags are kept under the model and all that was told of it, so that it is paid for
    once, and has the same tags in every later run.
    """

    def __init__(self, model: LanguageModel, memory: TagMemory, products_per_request: int) -> None:
        """Take a model, where its answers are kept, and how many products it is asked at once."""
        self._model = model
        self._memory = memory
        self._batch = products_per_request
        self._lock = threading.Lock()
        self._given_up = ""
        self.counts = LlmTagCounts()

    @property
    def identity(self) -> str:
        """Version of the prompt, and the model."""
        return f"llm-v{PROMPT_VERSION}:{self._model.identity}"

    def generate(self, products: Sequence[Product]) -> list[tuple[Tag, ...]]:
        """Propose tags; see `TagGenerator.generate`. Products without an answer get none."""
        keys = [self._key(product) for product in products]
        known = self._remembered(keys)
        missing = {
            key: product for key, product in zip(keys, products, strict=True) if key not in known
        }
        with self._lock:
            self.counts.remembered += len(keys) - len(missing)
            if self._given_up:
                self.counts.unanswered[self._given_up] += len(missing)
        if missing and not self._given_up:
            known |= self._answers(list(missing.items()))
        return [known.get(key, ()) for key in keys]

    def unanswered(self, products: Sequence[Product]) -> UnansweredTags:
        """Return what `generate` would send for products. Nothing is sent."""
        by_key = {self._key(product): product for product in products}
        known = self._remembered(list(by_key))
        missing = [product for key, product in by_key.items() if key not in known]
        requests = [
            tags_request([told_of(product) for product in missing[start : start + self._batch]])
            for start in range(0, len(missing), self._batch)
        ]
        return UnansweredTags(
            requests=tuple(requests),
            products=len(missing),
            likely_output_tokens=likely_output_tokens(len(missing)),
        )

    def _answers(self, asked: list[tuple[bytes, Product]]) -> dict[bytes, tuple[Tag, ...]]:
        batches = [
            asked[start : start + self._batch] for start in range(0, len(asked), self._batch)
        ]
        requests = [tags_request([told_of(product) for _, product in batch]) for batch in batches]
        answers = self._model.answer_all(requests) if requests else []
        found: dict[bytes, tuple[Tag, ...]] = {}
        for batch, answer in zip(batches, answers, strict=True):
            if isinstance(answer, LanguageModelError):
                self._note_failure(answer, len(batch))
            else:
                found |= self._read(batch, answer)
        if answers and all(isinstance(answer, LanguageModelError) for answer in answers):
            # The endpoint is down, closed to us, or the money is spent: the run goes on without.
            self._give_up(answers[-1])
        self._memory.store({key: _written(tags) for key, tags in found.items()})
        return found

    def _read(
        self, batch: Sequence[tuple[bytes, Product]], answer: AnsweredTags
    ) -> dict[bytes, tuple[Tag, ...]]:
        by_number: dict[int, AnsweredProduct] = {each.number: each for each in answer.products}
        source = f"llm:{self._model.identity.partition('@')[0]}"
        found = {
            key: usable_tags(by_number[number], product, source)
            for number, (key, product) in enumerate(batch, start=1)
            if number in by_number
        }
        with self._lock:
            self.counts.answered += len(found)
            if len(found) < len(batch):
                self.counts.unanswered["left_out"] += len(batch) - len(found)
        return found

    def _note_failure(self, error: LanguageModelError, products: int) -> None:
        with self._lock:
            self.counts.unanswered[error.code] += products
        _logger.warning("llm_tags_failed code=%s products=%d", error.code, products)

    def _give_up(self, error: AnsweredTags | LanguageModelError) -> None:
        if isinstance(error, LanguageModelError) and not self._given_up:
            self._given_up = error.code
            _logger.warning("llm_tags_given_up code=%s: %s", error.code, error.message)

    def _remembered(self, keys: Sequence[bytes]) -> dict[bytes, tuple[Tag, ...]]:
        texts = self._memory.lookup(list(dict.fromkeys(keys)))
        return {key: tags for key, text in texts.items() if (tags := _read_back(text)) is not None}

    def _key(self, product: Product) -> bytes:
        content = orjson.dumps([self.identity, product.language, told_of(product)])
        return hashlib.blake2b(content, digest_size=_KEY_BYTES).digest()


def _written(tags: Sequence[Tag]) -> str:
    return orjson.dumps(
        [[tag.text, tag.kind.value, tag.source, tag.confidence] for tag in tags]
    ).decode()


def _read_back(text: str) -> tuple[Tag, ...] | None:
    try:
        return tuple(
            Tag(text=text, kind=TagKind(kind), source=source, confidence=confidence)
            for text, kind, source, confidence in orjson.loads(text)
        )
    except (ValueError, TypeError):
        return None  # written by another version
