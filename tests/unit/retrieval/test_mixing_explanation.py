from dataclasses import replace

import pytest

from retrieval.mixing_explanation import mixed_comparison, mixing_sentence
from search_core import Contribution, MixedScore


def mixed(fusion, cross_encoder, *, logit=2.0, rank=3):
    parts = {"fusion": fusion, "cross_encoder": cross_encoder}
    return MixedScore(
        value=fusion + cross_encoder,
        rerank_score=logit,
        fused_rank=rank,
        parts=tuple(Contribution(leg=leg, weight=0.5, value=value) for leg, value in parts.items()),
    )


SCORES = {"a": mixed(0.3, 0.4), "b": mixed(0.5, 0.1), "c": mixed(0.3, 0.3), "d": mixed(0.5, 0.1)}

IN_SPITE = (
    "It stands 0.100 above b, mostly by the cross-encoder (+0.300), in spite of fusion (-0.200)."
)


def test_the_mixed_score_is_shown_as_a_sum():
    sentence = mixing_sentence(mixed(0.3, 0.4, logit=-1.5, rank=7))
    assert "gives it -1.50; fusion had it at rank 7." in sentence
    assert "Mixed score 0.700 = 0.300 (fusion) + 0.400 (the cross-encoder)" in sentence


def test_the_model_that_read_is_named():
    named = replace(mixed(0.3, 0.4), cross_encoder="chinese@ab12")
    assert mixing_sentence(named).startswith("The cross-encoder chinese@ab12, which reads query")
    assert mixing_sentence(mixed(0.3, 0.4)).startswith("The cross-encoder, which reads query")


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (
            "a",
            "b",
            IN_SPITE,
        ),
        ("a", "c", "It stands 0.100 above c, mostly by the cross-encoder (+0.100)."),
        ("b", "d", "It ties with d and stands first by its id."),
        ("a", "below", "It stands above below, which lies below the rerank window."),
        ("below", "further", None),
    ],
)
def test_it_says_what_puts_a_hit_above_the_next_one(ours, theirs, expected):
    assert mixed_comparison(ours, theirs, SCORES) == expected


def test_without_a_cross_encoder_none_is_spoken_of():
    parts = (
        Contribution(leg="fusion", weight=1.0, value=0.5),
        Contribution(leg="signal: margin", weight=0.1, value=0.1),
        Contribution(leg="available", weight=0.1, value=0.0),
    )
    score = MixedScore(value=0.6, rerank_score=None, fused_rank=2, parts=parts)
    assert mixing_sentence(score) == (
        "Fusion had it at rank 2. Mixed score 0.600 = 0.500 (fusion) + 0.100 (margin), each a "
        "weight × its place between the window's lowest and highest."
    )
