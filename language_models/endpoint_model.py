"""A language model behind an OpenAI-compatible endpoint."""

import asyncio
import hashlib
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self, TypeVar

from pydantic import ValidationError

from language_models.answer_cache import AnswerCache
from language_models.conversation import Conversation, Counts
from language_models.loop_thread import LoopThread
from language_models.prompt import Prompt, answer_key, first_prompt
from language_models.spending import Usage
from search_core import LanguageModelError, LanguageModelTimeoutError
from search_core.ports import AnswerT, ModelRequest
from search_core.settings import LlmSettings

_logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """What a model was asked in this process, and what that cost."""

    counts: Counts
    tokens: Usage
    cost: float
    """In the currency of the prices that are set; 0 where none are."""


class EndpointModel:
    """Fills the port `LanguageModel`. All requests share an event loop in a thread of its own, and
    so one limit of concurrency, of pace and of cost, whoever asks.
    """  # noqa: D205 - one sentence

    def __init__(self, settings: LlmSettings, cache: AnswerCache) -> None:
        """Make the client; nothing is sent yet.

        Args:
            settings: with `base_url` and `model`.
            cache: of answers.

        Raises:
            ConfigurationError: the extra `llm` is not installed.
        """
        self._settings = settings
        self._cache = cache
        self._counts = Counts()
        self._conversation = Conversation(settings, self._counts)
        self._thread = LoopThread("language-model")
        self._later: set[bytes] = set()
        self._later_lock = threading.Lock()

    @property
    def identity(self) -> str:
        """Model, endpoint and sampling."""
        settings = self._settings
        sampling = (
            f"t{settings.temperature:g},s{settings.seed}" if settings.send_sampling else "default"
        )
        where = hashlib.blake2b(str(settings.base_url).encode(), digest_size=4).hexdigest()
        return f"{settings.model}@{where}:{sampling}"

    @property
    def use(self) -> ModelUse:
        """What was asked so far, and what that cost."""
        spending = self._conversation.spending
        return ModelUse(counts=replace(self._counts), tokens=spending.used, cost=spending.cost)

    def remembered(self, request: ModelRequest[AnswerT]) -> AnswerT | None:
        """Return the answer that an earlier call got, or `None`. Nothing is sent."""
        if not request.remember:
            return None
        return self._recall(request, self._key(first_prompt(request, self._settings)))

    async def answer(
        self, request: ModelRequest[AnswerT], timeout_seconds: float | None = None
    ) -> AnswerT:
        """Return a remembered answer, else ask the model: see `LanguageModel.answer`."""
        future = self._thread.submit(self._answer_in_time(request, timeout_seconds))
        return await asyncio.wrap_future(future)

    def answer_now(
        self, request: ModelRequest[AnswerT], timeout_seconds: float | None = None
    ) -> AnswerT:
        """Do the same in a thread without an event loop, and block it."""
        return _result(self._thread.submit(self._answer_in_time(request, timeout_seconds)))

    def answer_all(
        self, requests: Sequence[ModelRequest[AnswerT]]
    ) -> list[AnswerT | LanguageModelError]:
        """Answer many at once, and block; in the order of the requests."""
        return _result(self._thread.submit(self._answer_each(requests)))

    def answer_later(self, request: ModelRequest[AnswerT]) -> bool:
        """Ask the model behind the caller's back, so that `remembered` has the answer later."""
        key = self._key(first_prompt(request, self._settings))
        with self._later_lock:
            if key in self._later or len(self._later) >= self._settings.background_requests:
                return False
            self._later.add(key)
        self._thread.submit(self._answer_quietly(request, key))
        return True

    def close(self) -> None:
        """Drop what is under way, and close the connections. No request may follow."""
        if self._thread.started:
            with suppress(LanguageModelError):
                self._thread.submit(self._conversation.close()).result()
            self._thread.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    async def _answer_each(
        self, requests: Sequence[ModelRequest[AnswerT]]
    ) -> list[AnswerT | LanguageModelError]:
        async def settled(request: ModelRequest[AnswerT]) -> AnswerT | LanguageModelError:
            try:
                return await self._answer(request)
            except LanguageModelError as error:
                return error

        return await asyncio.gather(*map(settled, requests))

    async def _answer_quietly(self, request: ModelRequest[AnswerT], key: bytes) -> None:
        try:
            await self._answer(request)
        except LanguageModelError as error:
            _logger.warning("answer_later_failed task=%s code=%s", request.task, error.code)
        finally:
            with self._later_lock:
                self._later.discard(key)

    async def _answer_in_time(
        self, request: ModelRequest[AnswerT], timeout_seconds: float | None
    ) -> AnswerT:
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._answer(request)
        except TimeoutError:
            raise LanguageModelTimeoutError(
                f"the language model gave no answer for {request.task} within {timeout_seconds:g} s"
            ) from None

    async def _answer(self, request: ModelRequest[AnswerT]) -> AnswerT:
        prompt = first_prompt(request, self._settings)
        key = self._key(prompt)
        if request.remember:
            known = await asyncio.to_thread(self._recall, request, key)
            if known is not None:
                self._counts.remembered += 1
                return known
        try:
            answer = await self._conversation.ask(prompt, request.answer)
        except LanguageModelError:
            self._counts.failed += 1
            raise
        self._counts.answered += 1
        if request.remember:
            await asyncio.to_thread(self._cache.store, {key: answer.model_dump_json()})
        return answer

    def _recall(self, request: ModelRequest[AnswerT], key: bytes) -> AnswerT | None:
        text = self._cache.lookup([key]).get(key)
        if text is None:
            return None
        try:
            return request.answer.model_validate_json(text)
        except ValidationError:
            return None  # written by a version whose form had the same schema, but other checks

    def _key(self, prompt: Prompt) -> bytes:
        return answer_key(self.identity, prompt)


def _result(future: "Future[_Result]") -> _Result:
    try:
        return future.result()
    except BaseException:
        # Ctrl-C in the caller: nobody waits for it any more.
        future.cancel()
        raise
