"""The best fused candidates, read by the cross-encoder and put in a new order."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from reranker import (
    BLANK_LOGIT,
    ModelState,
    NotReranked,
    Reranked,
    Reranker,
    passage_of,
)
from reranker.mixing import MixingModel
from retrieval.deadline import Deadline
from retrieval.fused_candidates import FusedCandidate
from retrieval.mixing_provenance import MixingProvenance
from retrieval.ranked_result import RankedResult
from retrieval.score_mixing import LearnedMixing, WindowCandidate, mixed_scores
from retrieval.window_features import window_features
from search_core import EncoderIdentity, RerankerError
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
        warnings: Sequence[str] = (),
    ) -> None:
        """Keep what is needed to reorder.

        Args:
            reranker: reads query and product; `None`: nothing does, and only business signals and
                learned mixing move products.
            settings: window, weights, passages.
            mixing: mixes instead of the weights; `None`: the weights do. Languages whose model has
                a weight of its own are mixed by that.
            warnings: what an operator has to know of it, and is not told by searches.
        """
        self._reranker = reranker
        self._settings = settings
        self._mixing = mixing
        self._of_language = {code: settings.of_language(code) for code in settings.models}
        self._provenance = MixingProvenance(mixing, warnings)
        self._warm = False

    @property
    def reranker(self) -> Reranker | None:
        """What scores; `None`: nothing does."""
        return self._reranker

    @property
    def mixing(self) -> MixingModel | None:
        """What mixes instead of the weights; `None`: the weights do."""
        return self._mixing

    @property
    def states(self) -> tuple[ModelState, ...]:
        """How the cross-encoders are, without asking them."""
        return () if self._reranker is None else self._reranker.states

    @property
    def warnings(self) -> tuple[str, ...]:
        """What an operator should look at: the order is not what was proven."""
        misplaced = (
            f"the cross-encoder {state.model_id} is set for {state.language}, but its card names "
            f"{', '.join(state.languages)}: it reads no query"
            for state in self.states
            if state.misplaced
        )
        return (*self._provenance.warnings, *misplaced)

    async def warm_up(self, timeout_seconds: float) -> None:
        """Have every cross-encoder load and score once; one that does not is logged.

        Args:
            timeout_seconds: that it may take. Once is enough: nothing is asked the next time.
        """
        if self._warm:
            return
        self._warm = True
        try:
            await self.model_id(timeout_seconds)
        except RerankerError as error:
            _logger.warning("reranker_not_warm code=%s reason=%s", error.code, error.message)

    async def model_id(self, timeout_seconds: float) -> str | None:
        """Return which models decide the order now; `None`: there is none.

        Raises:
            RerankerError: a cross-encoder does not answer.
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
        self._provenance.index_has(encoder)

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
        read: Reranked | None = None
        # Learned without a cross-encoder, mixing has no use for its scores, and needs no wait.
        if self._reranker is not None and (self._mixing is None or self._mixing.reads):
            ranked, read = await self._read(self._reranker, ranked, window, deadline)
        if read is None and not self._moves_unread:
            return ranked
        return self._in_order(ranked, window, read)

    async def _read(
        self,
        reranker: Reranker,
        ranked: RankedResult,
        window: Sequence[FusedCandidate],
        deadline: Deadline,
    ) -> tuple[RankedResult, Reranked | None]:
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
            return ranked, outcome
        if outcome.degraded:
            reason = f"without reranker: {outcome.reason}"
            ranked = replace(ranked, degraded=(*ranked.degraded, reason))
        return ranked, None

    @property
    def _moves_unread(self) -> bool:
        """Whether anything moves products that the cross-encoder has not read."""
        learned = self._mixing is not None and not self._mixing.reads
        return learned or self._settings.business.are_on

    def _in_order(
        self,
        ranked: RankedResult,
        window: Sequence[FusedCandidate],
        read: Reranked | None,
    ) -> RankedResult:
        documents = [_document(ranked.documents.get(each.product_id)) for each in window]
        logits: Sequence[float | None] = [None] * len(window) if read is None else read.scores
        candidates = [
            WindowCandidate(fused_score=each.fused_score, rerank_score=score, document=document)
            for each, score, document in zip(window, logits, documents, strict=True)
        ]
        learned = self._learned(ranked, window, documents, read)
        settings = self._settings
        if read is not None and read.language is not None:
            settings = self._of_language[read.language]
        by = "" if read is None else read.model_id
        scores = mixed_scores(candidates, settings, BLANK_LOGIT, learned, cross_encoder=by)
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
        read: Reranked | None,
    ) -> LearnedMixing | None:
        """Return the learned mixing of a window; `None`: the usual weights mix it."""
        if self._mixing is None or (self._mixing.reads and read is None):
            return None
        if read is not None:
            own = None if read.language is None else self._settings.models[read.language]
            if own is not None and own.weight is not None:
                return None
            self._provenance.reads(read.model_id)
        features = window_features(ranked, window, documents, None if read is None else read.scores)
        return LearnedMixing(model=self._mixing, features=features)

    def _passage(self, product: StoredProduct | None) -> str:
        return "" if product is None else passage_of(product.document, self._settings)


def _document(product: StoredProduct | None) -> Mapping[str, object]:
    return {} if product is None else product.document
