"""Keeps below a provider's requests and tokens a minute."""

from language_models.chat_endpoint import llm_extra
from search_core.settings import LlmSettings

_MINUTE = 60.0


class Pace:
    """Waits until the next try may be sent. Lives in one event loop.

    Requests are spread evenly: a whole minute's worth at once would be refused by endpoints that
    count seconds. Tokens may come in bursts, for a single request can be a good part of a minute's.
    """

    def __init__(self, settings: LlmSettings) -> None:
        with llm_extra():
            from aiolimiter import AsyncLimiter  # noqa: PLC0415 - an extra
        requests, tokens = settings.requests_per_minute, settings.tokens_per_minute
        self._requests = None if requests is None else AsyncLimiter(1, _MINUTE / requests)
        self._tokens = None if tokens is None else AsyncLimiter(tokens, _MINUTE)

    async def wait(self, tokens: int) -> None:
        """Wait for the turn of a try with so many tokens, input and longest output together."""
        if self._tokens is not None:
            # A single request above the limit would never fit: it waits for an empty minute.
            await self._tokens.acquire(min(tokens, self._tokens.max_rate))
        if self._requests is not None:
            await self._requests.acquire()
