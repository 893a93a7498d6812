"""The best fused candidates, read by the cross-encoder and put in a new order."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from reranker import BLANK_LOGIT, NotReranked, Reranker, passage_of
from reranker.mixing import MixingModel
from retrieval.deadline import Deadline
from retrieval.fused_candidates import FusedCandidate
from retrieval.ranked_result import RankedResult
from retrieval.score_mixing import LearnedMixing, WindowCandidate, mixed_scores
from retrieval.window_features import window_features
from search_core import EncoderIdentity
from search_core.settings import RerankerSettings
from search_engine import StoredProduct

_logger = logging.getLogger(__name__)

FetchDocuments = Callable[[tuple[str, ...]], Awaitable[Mapping[str, StoredProduct]]]
"""Gives the stored products of some ids; those that are gone are missing."""

_RESERVE_SECONDS = 0.15
"""Of the request's time, what stays for fetching the page once the scores are there, or late."""


class WindowReranking:
    """Puts the rerank window of a result in order. What lies below it keeps its place."""

    def __init__(
        self,
        reranker: Reranker | None,
        settings: RerankerSettings,
        mixing: MixingModel | None = None,
    ) -> None:
        """Keep what is needed to reorder.

        Args:
            reranker: reads query and product; `None`: nothing does, and only business signals and
                learned mixing move products.
            settings: window, weights, passages.
            mixing: mixes instead of the weights; `None`: the weights do.
        """
        self._reranker = reranker
        self._settings = settings
        self._mixing = mixing
        self._told_of: set[str] = set()

    @property
    def reranker(self) -> Reranker | None:
        """What scores; `None`: nothing does."""
        return self._reranker

    @property
    def rests(self) -> bool:
        """Whether the reranker is left alone now, since it did not answer."""
        return self._reranker is not None and self._reranker.rests

    async def model_id(self, timeout_seconds: float) -> str | None:
        """Return which models decide the order now; `None`: there is none.

        Raises:
            RerankerError: the cross-encoder does not answer.
        """
        reads = None if self._reranker is None else await self._reranker.model_id(timeout_seconds)
        if self._mixing is None:
            return reads
        mixes = f"mixing@{self._mixing.digest}"
        return mixes if reads is None else f"{reads} {mixes}"

    def tell_of_encoder(self, encoder: EncoderIdentity | None) -> None:
        """Log, once a model, that mixing was learned with vectors of another text encoder.

        Args:
            encoder: of the index that is searched; `None`: it has no vectors.
        """
        learned_with = "" if self._mixing is None else self._mixing.encoder
        found = "none" if encoder is None else encoder.model_id
        if learned_with not in {"", found} and found not in self._told_of:
            self._told_of.add(found)
            _logger.warning(
                "mixing_learned_with_another_encoder learned_with=%s index=%s", learned_with, found
            )

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
        ranked = replace(ranked, documents=documents)
        logits: Sequence[float] | None = None
        # Learned without a cross-encoder, mixing has no use for its scores, and needs no wait.
        if self._reranker is not None and (self._mixing is None or self._mixing.reads):
            ranked, logits = await self._read(self._reranker, ranked, window, deadline)
        if logits is None and not self._moves_unread:
            return ranked
        return self._in_order(ranked, window, logits)

    async def _read(
        self,
        reranker: Reranker,
        ranked: RankedResult,
        window: Sequence[FusedCandidate],
        deadline: Deadline,
    ) -> tuple[RankedResult, Sequence[float] | None]:
        """Return the window's scores; `None`, and why in the result, where there are none."""
        started = deadline.now()
        outcome = await reranker.rerank(
            ranked.plan.text,
            [self._passage(ranked.documents.get(each.product_id)) for each in window],
            language=ranked.plan.language,
            timeout_seconds=min(
                self._settings.timeout_ms / 1000, deadline.seconds_left() - _RESERVE_SECONDS
            ),
        )
        took_ms = (deadline.now() - started) * 1000
        ranked = replace(ranked, timings=replace(ranked.timings, rerank_ms=took_ms))
        if not isinstance(outcome, NotReranked):
            self._tell_of_another(outcome.model_id)
            return ranked, outcome.scores
        if outcome.degraded:
            reason = f"without reranker: {outcome.reason}"
            ranked = replace(ranked, degraded=(*ranked.degraded, reason))
        return ranked, None

    def _tell_of_another(self, model_id: str) -> None:
        """Log, once a model, that mixing was learned from another one's logits.

        It stays in use: what it looks at is a logit's place in the window, which models that order
        alike agree on. But it is no longer what was proven.
        """
        learned_from = "" if self._mixing is None else self._mixing.cross_encoder
        if learned_from not in {"", model_id} and model_id not in self._told_of:
            self._told_of.add(model_id)
            _logger.warning(
                "mixing_learned_from_another_model learned_from=%s reads=%s", learned_from, model_id
            )

    @property
    def _moves_unread(self) -> bool:
        """Whether anything moves products that the cross-encoder has not read."""
        learned = self._mixing is not None and not self._mixing.reads
        return learned or self._settings.business.are_on

    def _in_order(
        self,
        ranked: RankedResult,
        window: Sequence[FusedCandidate],
        logits: Sequence[float] | None,
    ) -> RankedResult:
        documents = [_document(ranked.documents.get(each.product_id)) for each in window]
        read: Sequence[float | None] = [None] * len(window) if logits is None else logits
        candidates = [
            WindowCandidate(fused_score=each.fused_score, rerank_score=score, document=document)
            for each, score, document in zip(window, read, documents, strict=True)
        ]
        learned = self._learned(ranked, window, documents, logits)
        scores = mixed_scores(candidates, self._settings, BLANK_LOGIT, learned)
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

    def _learned(
        self,
        ranked: RankedResult,
        window: Sequence[FusedCandidate],
        documents: Sequence[Mapping[str, object]],
        logits: Sequence[float] | None,
    ) -> LearnedMixing | None:
        """Return the learned mixing of a window; `None`: the usual weights mix it."""
        if self._mixing is None or (self._mixing.reads and logits is None):
            return None
        features = window_features(ranked, window, documents, logits)
        return LearnedMixing(model=self._mixing, features=features)

    def _passage(self, product: StoredProduct | None) -> str:
        return "" if product is None else passage_of(product.document, self._settings)


def _document(product: StoredProduct | None) -> Mapping[str, object]:
    return {} if product is None else product.document
