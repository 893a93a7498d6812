"""What requests would cost, before anything is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from language_models.prompt import first_prompt
from language_models.spending import Usage, price_of
from search_core.ports import ModelRequest
from search_core.settings import LlmSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEstimate:
    """Tokens and price of requests; without repairs and retries, which are rare."""

    requests: int
    likely: Usage
    """Input by 4 characters a token (Chinese: 1), output by what the caller expects."""
    most: Usage
    """What is reserved of `llm.max_cost`: bytes for tokens, and the longest allowed answers."""
    likely_cost: float | None
    """`None`: no prices are set."""
    most_cost: float | None

    def times(self, factor: float) -> "PriceEstimate":
        """Return the estimate of so many times as much."""
        return PriceEstimate(
            requests=round(self.requests * factor),
            likely=_scaled(self.likely, factor),
            most=_scaled(self.most, factor),
            likely_cost=None if self.likely_cost is None else self.likely_cost * factor,
            most_cost=None if self.most_cost is None else self.most_cost * factor,
        )


def estimate_price(
    requests: Iterable[ModelRequest[Any]], likely_output_tokens: int, settings: LlmSettings
) -> PriceEstimate:
    """Price requests that are not in the cache.

    Args:
        requests: what would be sent.
        likely_output_tokens: of all the answers together.
        settings: with the prices.
    """
    count, likely, most = 0, Usage(output_tokens=likely_output_tokens), Usage()
    for request in requests:
        prompt = first_prompt(request, settings)
        count += 1
        likely += Usage(input_tokens=prompt.likely_input_tokens)
        most += Usage(input_tokens=prompt.most_input_tokens, output_tokens=prompt.max_output_tokens)
    priced = settings.input_price is not None and settings.output_price is not None
    return PriceEstimate(
        requests=count,
        likely=likely,
        most=most,
        likely_cost=price_of(likely, settings) if priced else None,
        most_cost=price_of(most, settings) if priced else None,
    )


def _scaled(usage: Usage, factor: float) -> Usage:
    return Usage(
        input_tokens=round(usage.input_tokens * factor),
        output_tokens=round(usage.output_tokens * factor),
    )
