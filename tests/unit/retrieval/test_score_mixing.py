import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.score_mixing import WindowCandidate, mixed_scores
from search_core.settings import BusinessSignals, RerankerSettings

LOWEST = -20.0
SCORES = st.floats(-10, 10, allow_nan=False)


def candidates(*pairs, documents=None):
    return [
        WindowCandidate(fused_score=fused, rerank_score=logit, document=document)
        for (fused, logit), document in zip(pairs, documents or [{}] * len(pairs), strict=True)
    ]


def mixed(window, weight=0.25, **business):
    settings = RerankerSettings(weight=weight, business=BusinessSignals(**business))
    return mixed_scores(window, settings, LOWEST)


def test_both_scores_count_by_their_place_in_the_window():
    scores = mixed(candidates((0.06, -3.0), (0.04, 5.0), (0.02, 1.0)))
    # fused: 1, .5, 0; logits: 0, 1, .5; weights .75 and .25
    assert [each.value for each in scores] == pytest.approx([0.75, 0.625, 0.125])


def test_the_parts_add_up_and_carry_their_weight():
    (first, *_) = mixed(candidates((0.06, 5.0), (0.04, 1.0)))
    assert [(each.leg, each.weight) for each in first.parts] == [
        ("fusion", 0.75),
        ("cross_encoder", 0.25),
    ]
    assert first.value == pytest.approx(sum(each.value for each in first.parts))
    assert (first.fused_rank, first.rerank_score) == (1, 5.0)


def test_a_weight_of_0_leaves_fusions_order_and_1_the_cross_encoders():
    window = candidates((0.06, -3.0), (0.04, 5.0), (0.02, 1.0))
    assert [each.value for each in mixed(window, weight=0.0)] == pytest.approx([1.0, 0.5, 0.0])
    assert [each.value for each in mixed(window, weight=1.0)] == pytest.approx([0.0, 1.0, 0.5])


def test_what_was_not_scored_counts_as_the_lowest_and_stretches_nothing():
    scores = mixed(candidates((1.0, 4.0), (1.0, LOWEST), (1.0, 2.0), (1.0, 3.0)), weight=1.0)
    assert [each.value for each in scores] == pytest.approx([1.0, 0.0, 0.0, 0.5])
    assert scores[1].rerank_score == LOWEST


def test_equal_scores_decide_nothing():
    scores = mixed(candidates((0.5, 2.0), (0.5, 2.0)))
    assert scores[0].value == scores[1].value == pytest.approx(1.0)


def test_popularity_is_relative_to_the_most_popular():
    documents = [{"popularity": 50.0}, {"popularity": 200.0}, {}]
    window = candidates((1.0, 1.0), (1.0, 1.0), (1.0, 1.0), documents=documents)
    scores = mixed(window, popularity_weight=0.2)
    assert [each.value for each in scores] == pytest.approx([1.05, 1.2, 1.0])
    assert scores[0].parts[-1].leg == "popularity"


def test_only_what_is_known_to_be_available_gains_by_it():
    documents = [{"available": True}, {"available": False}, {}]
    window = candidates((1.0, 1.0), (1.0, 1.0), (1.0, 1.0), documents=documents)
    values = [each.value for each in mixed(window, available_weight=0.1)]
    assert values == pytest.approx([1.1, 1.0, 1.0])


def test_without_anybodys_popularity_nobody_gains():
    scores = mixed(candidates((1.0, 1.0), (1.0, 1.0)), popularity_weight=0.2)
    assert [each.value for each in scores] == pytest.approx([1.0, 1.0])


@given(st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=30), st.floats(0, 1))
def test_a_mixed_score_lies_between_0_and_1(pairs, weight):
    for each in mixed(candidates(*pairs), weight=weight):
        assert -1e-9 <= each.value <= 1 + 1e-9


@given(
    st.lists(st.integers(-10, 10), min_size=2, max_size=10),
    st.integers(1, 10),
    st.integers(-5, 5),
)
def test_a_models_own_scale_does_not_matter(logits, factor, shift):
    settings = RerankerSettings(weight=0.5)
    ours, theirs = (
        mixed_scores(candidates(*((0.5, score) for score in scores)), settings, -200.0)
        for scores in (logits, [logit * factor + shift for logit in logits])
    )
    assert [each.value for each in theirs] == pytest.approx([each.value for each in ours])
