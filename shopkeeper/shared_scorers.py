"""One model in memory for all systems that are measured with it."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from cachetools import LRUCache

from reranker import (
    Pair,
    PairScorer,
    PairScores,
    ScorerIdentity,
    ScorerSource,
    create_pair_scorer,
    scorer_key,
)
from search_core import ProgressListener
from search_core.settings import RerankerSettings, Settings
from shopkeeper.composition import artifact_store

if TYPE_CHECKING:
    from artifacts import ArtifactStore

_WINDOWS_REMEMBERED = 20_000
"""Requests whose scores are kept: 50 MB with windows of 50."""


class SharedScorers:
    """Loads each model once; what it opens is closed by the stack."""

    def __init__(self, stack: AsyncExitStack, progress: ProgressListener | None) -> None:
        self._stack = stack
        self._progress = progress
        self._scorers: dict[str, PairScorer] = {}
        self._remembering: dict[str, PairScorer] = {}

    def source(self, settings: Settings, *, remembers: bool) -> ScorerSource:
        """Return what gives the scorers of these settings' models.

        It raises RerankerModelError where a model in this process does not load, and ArtifactError
        where its files could not be had.

        Args:
            settings: all of them.
            remembers: whether a window that any system had scored comes from memory. Not where time
                is taken.
        """
        store = artifact_store(settings, self._progress)
        return lambda section: self._of(section, store, remembers=remembers)

    def _of(
        self, section: RerankerSettings, store: "ArtifactStore", *, remembers: bool
    ) -> PairScorer:
        key = scorer_key(section)
        if key not in self._scorers:
            scorer = create_pair_scorer(section, store)
            self._stack.push_async_callback(scorer.close)
            self._scorers[key] = scorer
            self._remembering[key] = RememberedWindows(scorer)
        return self._remembering[key] if remembers else self._scorers[key]


class RememberedWindows:
    """Scores whole windows once.

    Not pair by pair, as the reranker's own memory does: a quantised model's score depends a little
    on the pairs beside it, and a system must be worth the same whatever was measured before it.
    """

    def __init__(self, scorer: PairScorer) -> None:
        """Keep what scores; closing it is left to who made it."""
        self._scorer = scorer
        self._windows: LRUCache[tuple[Pair, ...], PairScores] = LRUCache(_WINDOWS_REMEMBERED)
        self._model_id: str | None = None

    async def score(self, pairs: Sequence[Pair], timeout_seconds: float) -> PairScores:
        """Score pairs: see `PairScorer`."""
        key = tuple(pairs)
        known = self._windows.get(key)
        if known is not None:
            return known
        scores = await self._scorer.score(pairs, timeout_seconds)
        self._answered_by(scores.model_id)
        self._windows[key] = scores
        return scores

    async def identity(self, timeout_seconds: float) -> ScorerIdentity:
        """Ask which model scores, and forget what another one gave."""
        identity = await self._scorer.identity(timeout_seconds)
        self._answered_by(identity.model_id)
        return identity

    async def revive(self, timeout_seconds: float) -> None:
        """Have a dead model loaded again."""
        await self._scorer.revive(timeout_seconds)

    async def close(self) -> None:
        """Leave it to who made the scorer."""

    def _answered_by(self, model_id: str) -> None:
        if model_id != self._model_id:
            self._windows.clear()
            self._model_id = model_id
