"""What the cross-encoder did to a hit's rank, in plain words."""

from collections.abc import Mapping

from search_core import MixedScore

_WORDS = {
    "fusion": "fusion",
    "cross_encoder": "the cross-encoder",
    "popularity": "popularity",
    "available": "being available",
}


def mixing_sentence(score: MixedScore) -> str:
    """Return how a mixed score came about."""
    total = " + ".join(f"{each.value:.3f} ({_WORDS[each.leg]})" for each in score.parts)
    return (
        f"The cross-encoder, which reads query and product together, gives it "
        f"{score.rerank_score:+.2f}; fusion had it at rank {score.fused_rank}. Mixed score "
        f"{score.value:.3f} = {total}, each a weight × its place between the window's lowest and "
        "highest."
    )


def mixed_comparison(
    product_id: str, following_id: str, mixed: Mapping[str, MixedScore]
) -> str | None:
    """Return what puts a hit above the next one; `None`: neither was reranked.

    Args:
        product_id: the hit.
        following_id: the next one.
        mixed: the scores of the rerank window.
    """
    ours, theirs = mixed.get(product_id), mixed.get(following_id)
    if ours is None:
        return None
    if theirs is None:
        return f"It stands above {following_id}, which lies below the rerank window."
    lead = ours.value - theirs.value
    if lead <= 0:
        return f"It ties with {following_id} and stands first by its id."
    other = {each.leg: each.value for each in theirs.parts}
    gains = {each.leg: each.value - other[each.leg] for each in ours.parts}
    most = max(gains, key=lambda name: gains[name])
    text = (
        f"It stands {lead:.3f} above {following_id}, mostly by {_WORDS[most]} ({gains[most]:+.3f})"
    )
    against = [f"{_WORDS[name]} ({gain:+.3f})" for name, gain in gains.items() if gain < 0]
    return f"{text}, in spite of {', '.join(against)}." if against else f"{text}."
