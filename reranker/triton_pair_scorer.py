"""Scoring by a Triton server, over gRPC."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import numpy as np
import tritonclient.grpc.aio as triton
from tritonclient.utils import InferenceServerException

from reranker.pair_scorer import Pair, PairScores, ScorerIdentity
from reranker.triton_errors import is_dead_stub, reranker_error
from search_core import RerankerTimeoutError, RerankerUnavailableError

_Answer = TypeVar("_Answer")

_MICROSECONDS = 1_000_000
# A server that was started again has to be found soon: gRPC's own choice backs off up to 2 minutes.
_CHANNEL_OPTIONS = [
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
]


class TritonPairScorer:
    """One gRPC connection, opened at the first use inside the running event loop."""

    def __init__(self, url: str, model: str, *, pairs_per_request: int) -> None:
        """Remember where the server is.

        Args:
            url: host and port of the gRPC service.
            model: name in the server's repository.
            pairs_per_request: more pairs are split into requests of about equal size, which run at
                once and which the server spreads over its instances.
        """
        self._url = url
        self._model = model
        self._pairs_per_request = pairs_per_request
        self._client: triton.InferenceServerClient | None = None

    async def score(self, pairs: Sequence[Pair], timeout_seconds: float) -> PairScores:
        """Score pairs: see `PairScorer`."""
        async with _within(timeout_seconds, self._url):
            for _ in range(2):
                parts = await _all_or_none(
                    [self._infer(part, timeout_seconds) for part in self._split(pairs)]
                )
                # A new version went live between two parts: their scores are not comparable.
                if len({each.model_id for each in parts}) == 1:
                    logits = tuple(logit for part in parts for logit in part.logits)
                    return PairScores(logits=logits, model_id=parts[0].model_id)
        raise RerankerUnavailableError(
            f"the model {self._model} of Triton at {self._url} changed twice during one request",
            remedy="instances that serve different versions must not share one address",
        )

    async def identity(self, timeout_seconds: float) -> ScorerIdentity:
        """Score one pair and say which model did.

        Triton's own readiness does not tell: it stays well when the model's process has died.
        """
        async with _within(timeout_seconds, self._url):
            result = await self._ask(
                [("red dress", "a red dress")], ("MODEL_ID", "LANGUAGES"), timeout_seconds
            )
        languages = _first_text(result, "LANGUAGES")
        return ScorerIdentity(
            model_id=_first_text(result, "MODEL_ID"),
            languages=tuple(each for each in languages.split(",") if each),
        )

    async def revive(self, timeout_seconds: float) -> None:
        """Load the model again if its process has died, which Triton does not do by itself."""
        try:
            await self.identity(timeout_seconds)
        except RerankerUnavailableError as error:
            if not is_dead_stub(error.message):
                raise
            async with _within(timeout_seconds, self._url):
                await self._translated(
                    self._connected().load_model(self._model, client_timeout=timeout_seconds)
                )

    async def close(self) -> None:
        """Close the connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _split(self, pairs: Sequence[Pair]) -> list[Sequence[Pair]]:
        parts = -(-len(pairs) // self._pairs_per_request)
        size = -(-len(pairs) // parts)
        return [pairs[start : start + size] for start in range(0, len(pairs), size)]

    async def _infer(self, pairs: Sequence[Pair], timeout_seconds: float) -> PairScores:
        result = await self._ask(pairs, ("LOGIT", "MODEL_ID"), timeout_seconds)
        logits = result.as_numpy("LOGIT").reshape(-1)
        return PairScores(logits=tuple(logits.tolist()), model_id=_first_text(result, "MODEL_ID"))

    async def _ask(
        self, pairs: Sequence[Pair], outputs: Sequence[str], timeout_seconds: float
    ) -> triton.InferResult:
        call = self._connected().infer(
            self._model,
            [
                _text_input("QUERY", [query for query, _ in pairs]),
                _text_input("PASSAGE", [passage for _, passage in pairs]),
            ],
            outputs=[triton.InferRequestedOutput(name) for name in outputs],
            # How long it may wait in Triton's queue, and how long we wait for the answer.
            timeout=max(1, int(timeout_seconds * _MICROSECONDS)),
            client_timeout=timeout_seconds,
        )
        return await self._translated(call)

    async def _translated(self, call: Awaitable[_Answer]) -> _Answer:
        try:
            return await call
        except InferenceServerException as error:
            raise reranker_error(error, self._model, self._url) from error

    def _connected(self) -> triton.InferenceServerClient:
        if self._client is None:
            self._client = triton.InferenceServerClient(self._url, channel_args=_CHANNEL_OPTIONS)
        return self._client


@asynccontextmanager
async def _within(seconds: float, url: str) -> AsyncIterator[None]:
    """Bound a block by the time that is left, connecting included."""
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            yield
    except TimeoutError as error:
        raise RerankerTimeoutError(
            f"Triton at {url} did not answer within {seconds * 1000:.0f} ms",
            remedy="narrow reranker.rerank_window, or raise reranker.timeout_ms",
        ) from error


async def _all_or_none(calls: Sequence[Awaitable[PairScores]]) -> list[PairScores]:
    """Await all; the first failure cancels the others, whose answers nobody would use."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _text_input(name: str, texts: Sequence[str]) -> triton.InferInput:
    values = np.empty((len(texts), 1), np.object_)
    values[:, 0] = [text.encode("utf-8", "replace") for text in texts]
    tensor = triton.InferInput(name, [len(texts), 1], "BYTES")
    tensor.set_data_from_numpy(values)
    return tensor


def _first_text(result: triton.InferResult, name: str) -> str:
    return str(result.as_numpy(name)[0, 0].decode())
