"""One line a search, without what was typed unless that is allowed."""

import logging

from privacy import ShopperPrivacy
from query_proxy.incoming_request import IncomingRequest
from query_proxy.takeover.client_search import ClientSearch
from query_proxy.takeover.hybrid_search import HybridAnswer
from query_proxy.takeover.not_taken_over import header_text

_logger = logging.getLogger(__name__)


def log_hybrid(
    request: IncomingRequest,
    search: ClientSearch,
    answer: HybridAnswer,
    privacy: ShopperPrivacy,
    *,
    log_queries: bool,
) -> None:
    """Log a search that was taken over."""
    if not _logger.isEnabledFor(logging.INFO):
        return
    times = answer.ranked.timings
    text = search.text_query.text
    _logger.info(
        "search id=%s query=%s candidates=%d encode_ms=%.1f legs_ms=%.1f fusion_ms=%.1f "
        "rerank_ms=%.1f page_ms=%.1f total_ms=%.1f degraded=%s",
        header_text(request.header("x-opaque-id") or "-"),
        repr(privacy.text(text)) if log_queries else privacy.query_hash(text),
        len(answer.ranked.candidates),
        times.encode_ms,
        times.legs_ms,
        times.fusion_ms,
        times.rerank_ms,
        answer.page_ms,
        answer.total_ms,
        "; ".join(answer.ranked.degraded) or "no",
    )


def log_passed(request: IncomingRequest, reason: str) -> None:
    """Log a search that was not taken over although its index is."""
    _logger.info(
        "search passed through id=%s reason=%s",
        header_text(request.header("x-opaque-id") or "-"),
        header_text(reason),
    )
