"""What the cross-encoder did to a hit's rank, in plain words."""

from collections.abc import Mapping

from reranker.mixing import FEATURES
from retrieval.business_signals import AVAILABLE, POPULARITY, SIGNAL
from search_core import MixedScore

_SIGNAL_WORDS = {POPULARITY: "popularity", AVAILABLE: "being available"}
_SHOWN = 0.0005
"""A smaller part would be printed as 0."""


def mixing_sentence(score: MixedScore) -> str:
    """Return how a mixed score came about."""
    shown = [each for each in score.parts if abs(each.value) >= _SHOWN] or score.parts[:1]
    total = " + ".join(f"{each.value:.3f} ({_words(each.leg)})" for each in shown)
    rule = (
        "as the learned mixing weighs them"
        if score.learned
        else "each a weight × its place between the window's lowest and highest"
    )
    return f"{_reading(score)} Mixed score {score.value:.3f} = {total}, {rule}."


def _reading(score: MixedScore) -> str:
    if score.rerank_score is None:
        return f"Fusion had it at rank {score.fused_rank}."
    named = f" {score.cross_encoder}" if score.cross_encoder else ""
    return (
        f"The cross-encoder{named}, which reads query and product together, gives it "
        f"{score.rerank_score:+.2f}; fusion had it at rank {score.fused_rank}."
    )


def _words(part: str) -> str:
    """Return how a part of a mixed score is called, after "by"."""
    if part in FEATURES:
        return FEATURES[part].words
    return _SIGNAL_WORDS.get(part, part.removeprefix(SIGNAL))


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
        f"It stands {lead:.3f} above {following_id}, mostly by {_words(most)} ({gains[most]:+.3f})"
    )
    against = [f"{_words(name)} ({gain:+.3f})" for name, gain in gains.items() if gain <= -_SHOWN]
    return f"{text}, in spite of {', '.join(against)}." if against else f"{text}."
