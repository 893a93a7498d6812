import pytest

from query_proxy.json_api.shop_models import ShopHit
from search_core import Contribution, Hit, MixedScore


def hit(mixed):
    return ShopHit.of(Hit(product_id="p1", rank=1, fused_score=1.0, mixed=mixed, document={}))


def test_a_hit_says_what_every_part_added():
    mixed = MixedScore(
        value=0.65,
        rerank_score=None,
        fused_rank=3,
        parts=(
            Contribution(leg="fusion", weight=1.0, value=0.6),
            Contribution(leg="signal: margin", weight=0.1, value=0.05),
        ),
    )
    shown = hit(mixed).mixed
    assert (shown.value, shown.rerank_score, shown.fused_rank) == (0.65, None, 3)
    assert [each.leg for each in shown.parts] == ["fusion", "signal: margin"]
    assert sum(each.value for each in shown.parts) == pytest.approx(shown.value)


def test_a_hit_that_was_not_reranked_has_no_mixed_score():
    assert hit(None).mixed is None
