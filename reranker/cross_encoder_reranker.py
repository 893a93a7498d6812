"""The reranker: a pair scorer with a language guard, a cache and a circuit breaker."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from time import monotonic

from reranker.circuit_breaker import CircuitBreaker
from reranker.language_guard import are_readable, can_read
from reranker.pair_scorer import PairScorer, PairScores, ScorerIdentity
from reranker.reranker import ModelState, NotReranked, Reranked, RerankOutcome
from reranker.score_cache import ScoreCache
from search_core import RerankerError, RerankerOverloadedError
from search_core.settings import DeadModel, RerankerSettings

_logger = logging.getLogger(__name__)

BLANK_LOGIT = -20.0
"""The score of a passage without text, below what any model gives: models are not trained on such
pairs, and a common one puts them above a perfect match."""
_PROBE_SECONDS = 20.0
"""Time that a probe may take: loading a dead model again takes some seconds."""
_TOLD_EVERY_SECONDS = 60.0
_LEAST_SECONDS = 0.005
"""With less time left nothing is asked: that it is late would not be the model's fault."""


class CrossEncoderReranker:
    """Never raises for what goes wrong with the model: that is a `NotReranked`."""

    def __init__(
        self,
        scorer: PairScorer,
        settings: RerankerSettings,
        clock: Callable[[], float] = monotonic,
        *,
        closes_scorer: bool = True,
        cache: ScoreCache | None = None,
    ) -> None:
        """Keep what is needed to score.

        Args:
            scorer: computes scores.
            settings: languages, cache, circuit breaker.
            clock: seconds.
            closes_scorer: whether the scorer is closed with this reranker.
            cache: shared with the rerankers of other models; `None`: it has one of its own.
        """
        self._scorer = scorer
        self._settings = settings
        self._clock = clock
        self._closes_scorer = closes_scorer
        self._cache = ScoreCache(settings.cached_scores) if cache is None else cache
        self._breaker = CircuitBreaker(
            failures_to_open=settings.failures_to_open,
            cool_down_seconds=settings.cool_down_ms / 1000,
            clock=clock,
        )
        self._identity: ScorerIdentity | None = None
        self._probe: asyncio.Task[None] | None = None
        self._told_at: float | None = None

    async def rerank(
        self,
        query: str,
        passages: Sequence[str],
        *,
        language: str | None,
        timeout_seconds: float,
    ) -> RerankOutcome:
        """Score passages: see `Reranker`."""
        if not query.strip():
            return NotReranked(reason="there is no query to compare with", degraded=False)
        if self._settings.languages and not can_read(self._settings.languages, query, language):
            return _unreadable(self._settings.languages)
        if self._breaker.is_open:
            self._probe_in_time()
            return NotReranked(reason="the reranker is out of order", degraded=True)
        if timeout_seconds < _LEAST_SECONDS:
            return NotReranked(reason="no time was left for the reranker", degraded=True)
        deadline = self._clock() + timeout_seconds
        try:
            identity = await self._known_identity(timeout_seconds)
            languages = self._settings.languages or identity.languages
            if not can_read(languages, query, language):
                return _unreadable(languages)
            if not are_readable(languages, passages):
                return _unreadable(languages, what="most products' language")
            return await self._scores(query, passages, identity.model_id, deadline)
        except RerankerError as error:
            self._breaker.failed()
            _logger.warning(
                "rerank_failed query=%s pairs=%d code=%s reason=%s",
                _hashed(query),
                len(passages),
                error.code,
                error.message,
            )
            full = isinstance(error, RerankerOverloadedError)
            return NotReranked(reason=error.message, degraded=True, overloaded=full)

    @property
    def states(self) -> tuple[ModelState, ...]:
        """How the scorer was when it was asked last: see `Reranker`."""
        known = self._identity
        return (
            ModelState(
                language=None,
                model_id=None if known is None else known.model_id,
                languages=() if known is None else known.languages,
                rests=self._breaker.is_open,
            ),
        )

    async def model_id(self, timeout_seconds: float) -> str:
        """Return name and content of the model that answers now.

        Raises:
            RerankerError: it does not answer.
        """
        self._identity = await self._scorer.identity(timeout_seconds)
        return self._identity.model_id

    async def close(self) -> None:
        """End a probe that is under way, and close the scorer, if it is this reranker's."""
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.gather(self._probe, return_exceptions=True)
        if self._closes_scorer:
            await self._scorer.close()

    async def _scores(
        self, query: str, passages: Sequence[str], model_id: str, deadline: float
    ) -> Reranked:
        texts = list(dict.fromkeys(each for each in passages if each.strip()))
        known = {
            text: score
            for text in texts
            if (score := self._cache.get(model_id, query, text)) is not None
        }
        missing = [each for each in texts if each not in known]
        scores = dict(known)
        if missing:
            computed = await self._computed(query, missing, deadline)
            if computed.model_id != model_id and known:
                # Another model went live: scores of two models are not mixed.
                missing = texts
                computed = await self._computed(query, missing, deadline)
            model_id = computed.model_id
            scores |= zip(missing, computed.logits, strict=True)
        return Reranked(
            scores=tuple(scores.get(each, BLANK_LOGIT) for each in passages),
            model_id=model_id,
            from_cache=len(texts) - len(missing),
        )

    async def _computed(self, query: str, texts: Sequence[str], deadline: float) -> PairScores:
        pairs = [(query, text) for text in texts]
        result = await self._scorer.score(pairs, deadline - self._clock())
        self._breaker.succeeded()
        if self._identity is not None and result.model_id != self._identity.model_id:
            self._identity = None
        for text, logit in zip(texts, result.logits, strict=True):
            self._cache.put(result.model_id, query, text, logit)
        return result

    async def _known_identity(self, timeout_seconds: float) -> ScorerIdentity:
        """Return which model answers; asked again once a score came from another one."""
        if self._identity is None:
            self._identity = await self._scorer.identity(timeout_seconds)
        return self._identity

    def _probe_in_time(self) -> None:
        """Look after a broken scorer beside the searches, so that none of them waits for it."""
        if self._breaker.wants_probe():
            self._probe = asyncio.create_task(self._revive())

    async def _revive(self) -> None:
        try:
            if self._settings.dead_model is DeadModel.RELOAD:
                await self._scorer.revive(_PROBE_SECONDS)
            self._identity = await self._scorer.identity(_PROBE_SECONDS)
        except RerankerError as error:
            self._breaker.failed()
            self._tell_of_probe(error)
        else:
            self._breaker.succeeded()
            self._told_at = None
            _logger.info("reranker_recovered model_id=%s", self._identity.model_id)

    def _tell_of_probe(self, error: RerankerError) -> None:
        """Log the first failure, then one a minute: probes go on for as long as it is down."""
        now = self._clock()
        if self._told_at is None or now - self._told_at >= _TOLD_EVERY_SECONDS:
            self._told_at = now
            _logger.warning("reranker_probe_failed code=%s reason=%s", error.code, error.message)


def _unreadable(languages: Sequence[str], what: str = "the query's language") -> NotReranked:
    return NotReranked(
        reason=f"the reranker reads {', '.join(languages)}, not {what}",
        degraded=False,
        unreadable=True,
    )


def _hashed(query: str) -> str:
    return hashlib.blake2b(query.encode("utf-8", "replace"), digest_size=4).hexdigest()
