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
    language: str | None = None
    """ISO 639-1 of the language whose own model gave the scores; `None`: the model of all
    others did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReranked:
    """There are no scores, and the caller keeps its order."""

    reason: str
    degraded: bool
    """True: scores were wanted and could not be had. False: none were wanted (no reranker is set,
    the query's language is not the model's)."""
    overloaded: bool = False
    """It is degraded because too much waits already: the caller may come back later."""
    unreadable: bool = False
    """Query or passages are in a language that the model does not read: asking again is in vain."""


RerankOutcome = Reranked | NotReranked


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """How a model is, as far as is known without asking it."""

    language: str | None
    """ISO 639-1 of the language whose queries it reads; `None`: those of all others."""
    model_id: str | None
    """Name and content; `None`: it has not answered yet."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of its card; empty: it names none, or has not answered yet."""
    rests: bool = False
    """Nothing is asked of it now, since it did not answer for a while."""

    @property
    def misplaced(self) -> bool:
        """Whether it was given a language that its card does not name, and so reads nothing."""
        return bool(self.language and self.languages) and self.language not in self.languages


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
    def states(self) -> tuple[ModelState, ...]:
        """How its models are, that of all others first; none are asked."""
        ...

    async def model_id(self, timeout_seconds: float) -> str | None:
        """Return name and content of the models that answer now; `None`: there is none.

        Several are `joined_ids`.

        Raises:
            RerankerError: one of them does not answer; all were asked.
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
    def states(self) -> tuple[ModelState, ...]:
        """Say that there is no model."""
        return ()

    async def model_id(self, timeout_seconds: float) -> None:
        """Say that there is none."""
        del timeout_seconds

    async def close(self) -> None:
        """There is nothing to let go of."""
