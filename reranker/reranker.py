"""The port that retrieval calls, its answers, and the reranker that leaves every order as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Reranked:
    """Every passage has a score."""

    scores: tuple[float, ...]
    """Logits in the order of the passages; higher is more relevant, no bounds."""
    model_id: str
    from_cache: int = 0
    """How many were known already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReranked:
    """There are no scores, and the caller keeps its order."""

    reason: str
    degraded: bool
    """True: scores were wanted and could not be had. False: none were wanted (no reranker is set,
    the query's language is not the model's)."""
    overloaded: bool = False
    """It is degraded because too much waits already: the caller may come back later."""


RerankOutcome = Reranked | NotReranked


class Reranker(Protocol):
    """Scores passages for a query. What goes wrong is a value: a search never fails by it."""

    async def rerank(
        self,
        query: str,
        passages: Sequence[str],
        *,
        language: str | None,
        timeout_seconds: float,
    ) -> RerankOutcome:
        """Score passages.

        Args:
            query: what the shopper means.
            passages: products as texts; an empty one gets the lowest score there is.
            language: ISO 639-1 of the query; `None`: judged by its letters.
            timeout_seconds: the time that is left.
        """
        ...

    @property
    def rests(self) -> bool:
        """Whether nothing is asked of it now, since it did not answer for a while."""
        ...

    async def model_id(self, timeout_seconds: float) -> str | None:
        """Return name and content of the model that answers now; `None`: there is none.

        Raises:
            RerankerError: it does not answer.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and threads."""
        ...


class NoopReranker:
    """Scores nothing: the baseline."""

    async def rerank(
        self,
        query: str,
        passages: Sequence[str],
        *,
        language: str | None,
        timeout_seconds: float,
    ) -> RerankOutcome:
        """Say that none were wanted."""
        del query, passages, language, timeout_seconds
        return NotReranked(reason="no reranker is set", degraded=False)

    @property
    def rests(self) -> bool:
        """Say no: it is never asked."""
        return False

    async def model_id(self, timeout_seconds: float) -> None:
        """Say that there is none."""
        del timeout_seconds

    async def close(self) -> None:
        """There is nothing to let go of."""
