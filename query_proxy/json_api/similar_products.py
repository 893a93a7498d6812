"""Products similar to one: nearest by vector or words, then those of its kind and price first."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from query_proxy.json_api.catalogue_models import SimilarHit
from search_engine import NearAnswer, NearProduct

_KIND_WEIGHT = 0.2
"""What being of the same kind adds to a cosine. Neighbours' cosines differ by less, so that a case
does not stand before another phone for naming the phone; what is much nearer still does."""
_PRICE_WEIGHT = 0.1
"""What an equal price adds; none from four times or a quarter of the price on."""
_FAR_PRICE = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closeness:
    score: float
    same_kind: bool | None
    price_ratio: float | None


def similar_hits(answer: NearAnswer, size: int) -> tuple[SimilarHit, ...]:
    """Order what is near a product.

    Args:
        answer: the candidates, nearest first.
        size: how many are kept.
    """
    scale = max((each.product.score or 0.0 for each in answer.near), default=0.0) or 1.0
    asked = answer.product.document
    scored = [(each, _closeness(each, asked, scale)) for each in answer.near]
    scored.sort(key=lambda pair: (-pair[1].score, pair[0].product.product_id))
    return tuple(
        SimilarHit(
            id=near.product.product_id,
            rank=rank,
            score=close.score,
            cosine=near.cosine,
            same_kind=close.same_kind,
            price_ratio=close.price_ratio,
            product=dict(near.product.document),
        )
        for rank, (near, close) in enumerate(scored[:size], start=1)
    )


def _closeness(near: NearProduct, asked: Mapping[str, Any], scale: float) -> _Closeness:
    product = near.product.document
    mine, theirs = _kind(asked), _kind(product)
    same_kind = None if mine is None or theirs is None else mine == theirs
    ratio = _price_ratio(asked, product)
    # BM25 has no scale of its own: the best match by words counts as the nearest vector would.
    nearness = (near.product.score or 0.0) / scale if near.cosine is None else near.cosine
    score = nearness + _KIND_WEIGHT * bool(same_kind)
    if ratio is not None:
        score += _PRICE_WEIGHT * max(0.0, 1.0 - abs(math.log(ratio)) / math.log(_FAR_PRICE))
    return _Closeness(score=score, same_kind=same_kind, price_ratio=ratio)


def _kind(product: Mapping[str, Any]) -> str | None:
    """Return what a product is; `None`: the catalogue does not say."""
    category = product.get("category") or [None]
    kind = product.get("product_type") or category[-1]
    return None if kind is None else str(kind).casefold()


def _price_ratio(asked: Mapping[str, Any], product: Mapping[str, Any]) -> float | None:
    mine, theirs = asked.get("price"), product.get("price")
    if not mine or not theirs or mine < 0 or theirs < 0:
        return None
    if asked.get("currency") != product.get("currency"):
        return None
    return float(theirs) / float(mine)
