"""Scoring in this process with ONNX Runtime."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from reranker.cross_encoder import CrossEncoder, ScoringError, ScoringOptions, UnusableModelError
from reranker.pair_scorer import Pair, PairScores, ScorerIdentity
from search_core import (
    RerankerModelError,
    RerankerOverloadedError,
    RerankerTimeoutError,
    RerankerUnavailableError,
)

_LONGEST_QUEUE = 8
"""Requests that wait or run. On a laptop the ninth would wait for seconds."""


class OnnxPairScorer:
    """Computes one request at a time on a thread of its own, with all cores.

    A request whose time is over is abandoned before its next micro-batch.
    """

    def __init__(self, model: CrossEncoder) -> None:
        self._loaded: CrossEncoder | None = model
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reranker")
        self._waiting = 0

    @classmethod
    def load(cls, folder: Path, options: ScoringOptions) -> Self:
        """Load a model.

        Raises:
            RerankerModelError: the folder holds no cross-encoder that loads.
        """
        return cls(load_cross_encoder(folder, options))

    async def score(self, pairs: Sequence[Pair], timeout_seconds: float) -> PairScores:
        """Score pairs: see `PairScorer`."""
        if self._waiting >= _LONGEST_QUEUE:
            raise RerankerOverloadedError(
                f"{self._waiting} requests wait for the reranker already",
                remedy="serve it with Triton (`reranker.kind=triton`), or narrow the rerank window",
            )
        model = self._model
        abandoned = threading.Event()
        self._waiting += 1
        try:
            async with asyncio.timeout(max(timeout_seconds, 0.0)):
                logits = await asyncio.get_running_loop().run_in_executor(
                    self._thread, model.score, pairs, abandoned.is_set
                )
        except TimeoutError as error:
            raise RerankerTimeoutError(
                f"{len(pairs)} pairs were not scored within {timeout_seconds * 1000:.0f} ms",
                remedy="narrow reranker.rerank_window, or raise reranker.timeout_ms",
            ) from error
        except ScoringError as error:
            raise RerankerUnavailableError(str(error)) from error
        finally:
            abandoned.set()
            self._waiting -= 1
        return PairScores(logits=tuple(logits.tolist()), model_id=model.model_id)

    async def identity(self, timeout_seconds: float) -> ScorerIdentity:
        """Score one pair and say which model did."""
        await self.score([("red dress", "a red dress")], timeout_seconds)
        return ScorerIdentity(model_id=self._model.model_id, languages=self._model.languages)

    async def revive(self, timeout_seconds: float) -> None:
        """A model in this process does not die alone."""

    @property
    def _model(self) -> CrossEncoder:
        if self._loaded is None:
            raise RerankerUnavailableError("the reranker is closed")
        return self._loaded

    async def close(self) -> None:
        """Let go of the model, and end the thread once it is done with its micro-batch."""
        self._loaded = None
        self._thread.shutdown(wait=False, cancel_futures=True)


def load_cross_encoder(folder: Path, options: ScoringOptions) -> CrossEncoder:
    """Load a model.

    Raises:
        RerankerModelError: the folder holds no cross-encoder that loads.
    """
    try:
        return CrossEncoder(folder, options)
    except UnusableModelError as error:
        raise RerankerModelError(
            f"{folder} cannot serve as cross-encoder: {error}",
            remedy="name a folder with model.onnx (or onnx/model.onnx) and tokenizer.json, "
            "exported for the task text-classification with one label",
        ) from error
