"""A pair scorer whose model is loaded when it is needed for the first time."""

import asyncio
from collections.abc import Callable, Sequence

from reranker.pair_scorer import Pair, PairScorer, PairScores, ScorerIdentity
from search_core import RerankerTimeoutError, RerankerUnavailableError, ShopkeeperError


class LazyPairScorer:
    """Loads beside the event loop; who asks meanwhile waits for it, as long as there is time.

    What does not load is tried again by the next request: its files may have come.
    """

    def __init__(self, load: Callable[[], PairScorer], name: str) -> None:
        """Load nothing yet.

        Args:
            load: returns the scorer; may take a while.
            name: of the model, for messages.
        """
        self._load = load
        self._name = name
        self._loading: asyncio.Task[PairScorer] | None = None

    async def score(self, pairs: Sequence[Pair], timeout_seconds: float) -> PairScores:
        """Score pairs: see `PairScorer`."""
        scorer, left = await self._loaded(timeout_seconds)
        return await scorer.score(pairs, left)

    async def identity(self, timeout_seconds: float) -> ScorerIdentity:
        """Score one pair and say which model did."""
        scorer, left = await self._loaded(timeout_seconds)
        return await scorer.identity(left)

    async def revive(self, timeout_seconds: float) -> None:
        """Load it, if it is not loaded."""
        scorer, left = await self._loaded(timeout_seconds)
        await scorer.revive(left)

    async def close(self) -> None:
        """Let go of the model, if it is loaded."""
        loading, self._loading = self._loading, None
        if loading is None:
            return
        found = (await asyncio.gather(loading, return_exceptions=True))[0]
        if not isinstance(found, BaseException):
            await found.close()

    async def _loaded(self, timeout_seconds: float) -> tuple[PairScorer, float]:
        """Return the scorer, and how many seconds are left.

        Raises:
            RerankerTimeoutError: it still loads.
            RerankerUnavailableError: it does not load.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_seconds
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self._load))
        loading = self._loading
        try:
            async with asyncio.timeout(max(timeout_seconds, 0.0)):
                # Whoever runs out of time does not end what others wait for.
                return await asyncio.shield(loading), deadline - loop.time()
        except TimeoutError as error:
            raise RerankerTimeoutError(
                f"{self._name} was still loading after {timeout_seconds * 1000:.0f} ms"
            ) from error
        except ShopkeeperError as error:
            raise RerankerUnavailableError(
                f"{self._name} does not load: {error.message}", remedy=error.remedy
            ) from error
        finally:
            # Told to one at least; the next one tries again.
            if self._loading is loading and _failed(loading):
                self._loading = None


def _failed(loading: "asyncio.Task[PairScorer]") -> bool:
    """Tell whether a model did not load, for whatever reason; what still loads may yet."""
    return loading.done() and (loading.cancelled() or loading.exception() is not None)
