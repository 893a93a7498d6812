"""The best fused candidates, read by the cross-encoder and put in a new order."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from reranker import BLANK_LOGIT, NotReranked, Reranked, Reranker, passage_of
from retrieval.deadline import Deadline
from retrieval.fusion import FusedCandidate
from retrieval.ranked_result import RankedResult
from retrieval.score_mixing import WindowCandidate, mixed_scores
from search_core.settings import RerankerSettings
from search_engine import StoredProduct

FetchDocuments = Callable[[tuple[str, ...]], Awaitable[Mapping[str, StoredProduct]]]
"""Gives the stored products of some ids; those that are gone are missing."""

_RESERVE_SECONDS = 0.15
"""Of the request's time, what stays for fetching the page once the scores are there, or late."""


class WindowReranking:
    """Puts the rerank window of a result in order. What lies below it keeps its place."""

    def __init__(self, reranker: Reranker, settings: RerankerSettings) -> None:
        self._reranker = reranker
        self._settings = settings

    @property
    def reranker(self) -> Reranker:
        """What scores."""
        return self._reranker

    @property
    def rests(self) -> bool:
        """Whether the reranker is left alone now, since it did not answer."""
        return self._reranker.rests

    async def model_id(self, timeout_seconds: float) -> str | None:
        """Return which model answers now; `None`: there is none.

        Raises:
            RerankerError: it does not answer.
        """
        return await self._reranker.model_id(timeout_seconds)

    def concerns(self, offset: int) -> bool:
        """Whether a page that starts there has products of the window."""
        return offset < self._settings.rerank_window

    async def reordered(
        self, ranked: RankedResult, fetch: FetchDocuments, deadline: Deadline
    ) -> RankedResult:
        """Return the result in its new order; in the old one when there are no scores.

        A reranker that is late, full or dead is named in `degraded`; it never fails a search.

        Args:
            ranked: in fusion's order.
            fetch: gives documents, which the page can use too.
            deadline: of the request.

        Raises:
            SearchEngineError: the documents could not be fetched.
        """
        window = ranked.candidates[: self._settings.rerank_window]
        if len(window) < 2:
            return ranked
        documents = await fetch(tuple(each.product_id for each in window))
        started = deadline.now()
        outcome = await self._reranker.rerank(
            ranked.plan.text,
            [self._passage(documents.get(each.product_id)) for each in window],
            language=ranked.plan.language,
            timeout_seconds=min(
                self._settings.timeout_ms / 1000, deadline.seconds_left() - _RESERVE_SECONDS
            ),
        )
        took_ms = (deadline.now() - started) * 1000
        ranked = replace(
            ranked, documents=documents, timings=replace(ranked.timings, rerank_ms=took_ms)
        )
        if isinstance(outcome, NotReranked):
            if not outcome.degraded:
                return ranked
            reason = f"without reranker: {outcome.reason}"
            return replace(ranked, degraded=(*ranked.degraded, reason))
        return self._in_order(ranked, window, outcome)

    def _in_order(
        self, ranked: RankedResult, window: tuple[FusedCandidate, ...], outcome: Reranked
    ) -> RankedResult:
        scores = mixed_scores(
            [
                WindowCandidate(
                    fused_score=candidate.fused_score,
                    rerank_score=score,
                    document=_document(ranked.documents.get(candidate.product_id)),
                )
                for candidate, score in zip(window, outcome.scores, strict=True)
            ],
            self._settings,
            BLANK_LOGIT,
        )
        mixed = {
            candidate.product_id: score for candidate, score in zip(window, scores, strict=True)
        }
        first = sorted(
            window,
            key=lambda each: (
                not each.exact_code, -mixed[each.product_id].value, each.product_id,
            ),
        )  # fmt: skip
        return replace(ranked, candidates=(*first, *ranked.candidates[len(window) :]), mixed=mixed)

    def _passage(self, product: StoredProduct | None) -> str:
        return "" if product is None else passage_of(product.document, self._settings)


def _document(product: StoredProduct | None) -> Mapping[str, object]:
    return {} if product is None else product.document
