"""Several rerankers as one: each query goes to the model of its language."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reranker.language_guard import model_language
from reranker.model_ids import joined_ids
from reranker.reranker import ModelState, Reranked, Reranker, RerankOutcome


class RoutedReranker:
    """A model that is late or dead costs the queries of its own language their scores, no others.

    It does not stand in for another one: a model reads what it has learned to read.
    """

    def __init__(self, others: Reranker, by_language: Mapping[str, Reranker]) -> None:
        """Keep what is asked.

        Args:
            others: for queries of languages without a model of their own.
            by_language: ISO 639-1 code → its reranker.
        """
        self._others = others
        self._by_language = dict(by_language)

    async def rerank(
        self,
        query: str,
        passages: Sequence[str],
        *,
        language: str | None,
        timeout_seconds: float,
    ) -> RerankOutcome:
        """Score passages with the model of the query's language: see `Reranker`."""
        code = model_language(self._by_language, query, language)
        reranker = self._others if code is None else self._by_language[code]
        outcome = await reranker.rerank(
            query, passages, language=language, timeout_seconds=timeout_seconds
        )
        if code is None:
            return outcome
        if isinstance(outcome, Reranked):
            return replace(outcome, language=code)
        return replace(outcome, reason=f"{outcome.reason} (reranker.models.{code})")

    @property
    def states(self) -> tuple[ModelState, ...]:
        """How each model is: see `Reranker`."""
        own = (
            replace(state, language=code)
            for code, reranker in self._by_language.items()
            for state in reranker.states
        )
        return (*self._others.states, *own)

    async def model_id(self, timeout_seconds: float) -> str:
        """Ask all models at once: see `Reranker`."""
        answers = await asyncio.gather(
            *(each.model_id(timeout_seconds) for each in self._all), return_exceptions=True
        )
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return joined_ids(each for each in answers if isinstance(each, str))

    async def close(self) -> None:
        """Close all of them."""
        await asyncio.gather(*(each.close() for each in self._all))

    @property
    def _all(self) -> tuple[Reranker, ...]:
        return (self._others, *self._by_language.values())
