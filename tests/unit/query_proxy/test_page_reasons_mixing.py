"""What the page tells of a window that business signals or learned mixing put in order."""

from query_proxy.search_page.english import ENGLISH
from query_proxy.search_page.reasons import reasons
from search_core import Contribution, Hit, MixedScore


def told(rerank_score, *parts):
    mixed = MixedScore(
        value=1.0,
        rerank_score=rerank_score,
        fused_rank=4,
        parts=tuple(Contribution(leg=leg, weight=1.0, value=0.5) for leg in parts),
    )
    hit = Hit(product_id="p1", rank=1, fused_score=1.0, mixed=mixed, document={})
    return reasons(hit, None, [hit], "relevance", ENGLISH)


def test_only_what_the_cross_encoder_has_read_is_said_to_be_read():
    assert any("number 4" in each for each in told(1.5, "fusion").sentences)
    assert told(None, "fusion").sentences == ()


def test_signals_and_features_are_named_in_words():
    bars = told(None, "signal: profit margin", "title_words").mixed_bars
    assert [each.text for each in bars] == ["profit margin", "title words"]
