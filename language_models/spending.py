"""What a run costs, and the limit that it keeps to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from language_models.prompt import Prompt
from search_core import LanguageModelBudgetError
from search_core.settings import LlmSettings

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one try or of a whole run."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Return the sum of both."""
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


def price_of(usage: Usage, settings: LlmSettings) -> float:
    """Return what tokens cost in the currency of the settings; 0 where no prices are set."""
    return (
        usage.input_tokens * (settings.input_price or 0.0)
        + usage.output_tokens * (settings.output_price or 0.0)
    ) / _MILLION


class Reservation:
    """What one try may cost at most, until it says what it did cost."""

    def __init__(self, most: Usage) -> None:
        self.used = most
        """What is charged in the end. Left alone it is the most: a try whose answer never came may
        have been billed all the same."""


class Spending:
    """Charges tries to a limit. Lives in one event loop.

    The most that a try can cost is set aside before it is sent, so that tries at the same time
    cannot go beyond the limit together. Where only they are in the way, the next one waits.
    """

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._limit = settings.max_cost
        self._reserved = 0.0
        self._open = 0
        self._settled = asyncio.Condition()
        self.used = Usage()

    @property
    def cost(self) -> float:
        """What has been charged, in the currency of the settings."""
        return price_of(self.used, self._settings)

    @asynccontextmanager
    async def reserve(self, prompt: Prompt) -> AsyncIterator[Reservation]:
        """Set aside what a try may cost, and charge what it did at the end of the block.

        Raises:
            LanguageModelBudgetError: it could cost more than is left.
        """
        most = Usage(input_tokens=prompt.most_input_tokens, output_tokens=prompt.max_output_tokens)
        price = price_of(most, self._settings)
        async with self._settled:
            await self._settled.wait_for(lambda: self._fits(price) or not self._open)
            if not self._fits(price):
                raise self._too_expensive(prompt.task, price)
            self._reserved += price
            self._open += 1
        reservation = Reservation(most)
        try:
            yield reservation
        finally:
            async with self._settled:
                self._open -= 1
                # Sums of floats leave dust, which must not grow over a long run.
                self._reserved = self._reserved - price if self._open else 0.0
                self.used += reservation.used
                self._settled.notify_all()

    def _fits(self, price: float) -> bool:
        return self._limit is None or self.cost + self._reserved + price <= self._limit

    def _too_expensive(self, task: str, price: float) -> LanguageModelBudgetError:
        return LanguageModelBudgetError(
            f"a request for {task} could cost {price:.6f}, and {self.cost:.6f} of llm.max_cost "
            f"{self._limit} are spent: it was not sent",
            remedy="raise llm.max_cost, or go on without: what was answered is in the cache",
        )
