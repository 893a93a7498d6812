"""Asks an endpoint until it has given an answer that fits: paced, charged, retried, repaired."""

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

from language_models.chat_endpoint import ChatEndpoint, Completion, Refusal
from language_models.json_answer import UnfitAnswerError, read_answer
from language_models.pace import Pace
from language_models.prompt import Prompt
from language_models.retrying import with_retries
from language_models.spending import Spending, Usage
from language_models.token_counting import most_tokens
from search_core import LanguageModelAnswerError
from search_core.ports import AnswerT
from search_core.settings import LlmSettings

_logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Counts:
    """What happened in a run, for reports and metrics."""

    remembered: int = 0
    answered: int = 0
    repaired: int = 0
    """Answered at the second try, after a first answer that did not fit."""
    failed: int = 0
    tries: int = 0
    """Everything that was sent, retries and repairs included."""


class Conversation:
    """What all requests of a model share. Lives in one event loop."""

    def __init__(self, settings: LlmSettings, counts: Counts) -> None:
        """Make the client; nothing is sent yet.

        Raises:
            ConfigurationError: the extra `llm` is not installed.
        """
        self._retries = settings.retries
        self._endpoint = ChatEndpoint(settings)
        self._pace = Pace(settings)
        self._permits = asyncio.Semaphore(settings.concurrent_requests)
        self._counts = counts
        self.spending = Spending(settings)

    async def ask(self, prompt: Prompt, form: type[AnswerT]) -> AnswerT:
        """Ask, and once more where the answer does not fit.

        Raises:
            LanguageModelError: there is no answer that fits.
        """
        first = await self._complete(prompt)
        try:
            return read_answer(first.text, form, cut_off=first.cut_off)
        except UnfitAnswerError as error:
            _logger.info("answer_unfit task=%s reason=%s", prompt.task, error)
            complaint = str(error)
        second = await self._complete(prompt.after(first.text, complaint))
        try:
            answer = read_answer(second.text, form, cut_off=second.cut_off)
        except UnfitAnswerError as error:
            raise LanguageModelAnswerError(
                f"the language model gave no usable answer for {prompt.task}, twice: {error}",
                remedy="a stronger model, or another llm.answer_format",
            ) from None
        self._counts.repaired += 1
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()

    async def _complete(self, prompt: Prompt) -> Completion:
        try:
            async with self._permits:
                return await with_retries(partial(self._try_once, prompt), self._retries)
        except Refusal as refusal:
            raise refusal.error from refusal

    async def _try_once(self, prompt: Prompt) -> Completion:
        await self._pace.wait(prompt.likely_input_tokens + prompt.max_output_tokens)
        async with self.spending.reserve(prompt) as reservation:
            self._counts.tries += 1
            try:
                completion = await self._endpoint.complete(prompt)
            except Refusal as refusal:
                if refusal.unbilled:
                    reservation.used = Usage()
                raise
            reservation.used = completion.usage or Usage(
                input_tokens=prompt.most_input_tokens, output_tokens=most_tokens(completion.text)
            )
            return completion
