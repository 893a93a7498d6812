"""What computes the scores of pairs, wherever it runs: the port below the reranker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Pair = tuple[str, str]
"""Query and passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScores:
    """The logits of some pairs and the model that gave them."""

    logits: tuple[float, ...]
    """In the order of the pairs; higher is more relevant, no bounds."""
    model_id: str
    """Name and content of the model: scores of two ids are not compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorerIdentity:
    """Which model answers now."""

    model_id: str
    languages: tuple[str, ...]
    """ISO 639-1 codes of its card; empty: it names none."""


class PairScorer(Protocol):
    """Scores pairs with a cross-encoder. Used within one event loop."""

    async def score(self, pairs: Sequence[Pair], timeout_seconds: float) -> PairScores:
        """Score pairs.

        Args:
            pairs: at least one.
            timeout_seconds: the time that is left; what is late is abandoned.

        Raises:
            RerankerTimeoutError: it is over.
            RerankerOverloadedError: too much waits already.
            RerankerUnavailableError: the model cannot be reached, or failed.
        """
        ...

    async def identity(self, timeout_seconds: float) -> ScorerIdentity:
        """Score one pair for real and say which model did: also the check of health.

        Raises:
            RerankerError: as for `score`.
        """
        ...

    async def revive(self, timeout_seconds: float) -> None:
        """Do what there is to do about a dead model; nothing, if there is nothing to do.

        Raises:
            RerankerError: it was in vain.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and threads."""
        ...
