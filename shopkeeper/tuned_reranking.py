"""The reranker of a tuning: each pair is scored once, and no trial goes without its scores."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reranker import ModelState, NotReranked, Reranked, Reranker, RerankOutcome, is_among
from search_core import RerankerError
from search_core.settings import Settings
from shopkeeper.composition import open_reranker

if TYPE_CHECKING:
    from search_core import ProgressListener

_MODEL_SECONDS = 60.0
_LARGEST_WINDOW = 1_000


class InsistentReranker:
    """Raises where a search would go on without scores.

    A search is better answered in fusion's order than not at all. A tuning that took that order for
    the reranker's would measure nothing.
    """

    def __init__(self, reranker: Reranker, model_id: str | None) -> None:
        """Keep what scores.

        Args:
            reranker: remembers scores.
            model_id: name and content of the models whose scores are wanted.
        """
        self._reranker = reranker
        self.wanted_model = model_id

    async def rerank(
        self,
        query: str,
        passages: Sequence[str],
        *,
        language: str | None,
        timeout_seconds: float,
    ) -> RerankOutcome:
        """Score passages: see `Reranker`.

        Raises:
            RerankerError: there are no scores, or another model gave them.
        """
        outcome = await self._reranker.rerank(
            query, passages, language=language, timeout_seconds=timeout_seconds
        )
        if isinstance(outcome, NotReranked) and outcome.degraded:
            raise RerankerError(
                f"there are no rerank scores: {outcome.reason}",
                remedy="run it again once `shopkeeper reranker try` has scores",
            )
        wanted = self.wanted_model or ""
        if isinstance(outcome, Reranked) and not is_among(outcome.model_id, wanted):
            raise RerankerError(
                f"the reranker's model changed from {self.wanted_model} to {outcome.model_id}",
                remedy="run it again once no model is being installed",
            )
        return outcome

    @property
    def states(self) -> tuple[ModelState, ...]:
        """How its models are: see `Reranker`."""
        return self._reranker.states

    async def model_id(self, timeout_seconds: float) -> str | None:
        """Return which models answer now: see `Reranker`."""
        return await self._reranker.model_id(timeout_seconds)

    async def close(self) -> None:
        """Close what scores."""
        await self._reranker.close()


@asynccontextmanager
async def open_insistent_reranker(
    settings: Settings, queries: int, progress: "ProgressListener | None" = None
) -> AsyncIterator[InsistentReranker]:
    """Yield the reranker that is set, held to the model that answers now; close it afterwards.

    Args:
        settings: all of them.
        queries: whose scores are remembered, whatever window a trial takes.
        progress: told of downloads.

    Raises:
        RerankerError: it does not answer.
    """
    kept = max(settings.reranker.cached_scores, queries * _LARGEST_WINDOW)
    remembering = settings.reranker.model_copy(update={"cached_scores": kept})
    async with open_reranker(
        settings.model_copy(update={"reranker": remembering}), progress
    ) as reranker:
        yield InsistentReranker(reranker, await reranker.model_id(_MODEL_SECONDS))
