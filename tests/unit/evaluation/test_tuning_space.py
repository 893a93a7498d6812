import pytest

from evaluation.tuning_space import Tunable, TuningSpace, reranks, tunables
from search_core import TuningError
from search_core.settings import BusinessSignals, RerankerKind, RerankerSettings, Settings
from shopkeeper.configuration import load_settings, setting_names


def present_values(**reranker):
    settings = Settings(reranker=RerankerSettings(**reranker))
    values = {}
    for name in setting_names():
        place = settings
        for part in name.split("."):
            place = getattr(place, part)
        values[name] = place
    return values


EVERY_SIGNAL = BusinessSignals(popularity_weight=0.1, available_weight=0.1)


@pytest.mark.parametrize("space", TuningSpace)
def test_everything_that_is_tuned_is_a_setting_and_every_value_is_allowed(space):
    present = present_values(kind="onnx", rerank_window=1000, business=EVERY_SIGNAL)
    for tunable in tunables(space, present):
        for value in tunable.values:
            load_settings(None, {tunable.name: value}, environment={})


def test_a_present_value_between_the_others_takes_its_place():
    tunable = Tunable(name="weight", values=(0.5, 1.0)).including(0.7)
    assert tunable.values == (0.5, 0.7, 1.0)


def test_a_present_value_that_is_no_number_comes_last():
    tunable = Tunable(name="msm", values=("-50%", "-25%")).including("2<75%")
    assert tunable.values == ("-50%", "-25%", "2<75%")


def test_parts_of_names_choose_what_is_tuned():
    chosen = tunables(TuningSpace.ALL, present_values(), only=["dense_weight", "boosts.title"])
    assert [each.name for each in chosen] == [
        "retrieval.fusion.dense_weight",
        "retrieval.all_terms_boosts.title",
        "retrieval.some_terms_boosts.title",
    ]


def test_a_part_that_names_nothing_is_refused_with_what_there_is():
    with pytest.raises(TuningError, match="'colour' names nothing") as refused:
        tunables(TuningSpace.FUSION, present_values(), only=["colour"])
    assert "retrieval.fusion.dense_weight" in refused.value.remedy


def names(space, **reranker):
    return [each.name for each in tunables(space, present_values(**reranker))]


def test_reranking_moves_weight_and_window_and_no_signal_that_is_off():
    assert names(TuningSpace.RERANKING, kind="onnx") == [
        "reranker.weight",
        "reranker.rerank_window",
    ]


def test_a_business_signal_that_is_on_is_tuned_with_the_reranker():
    found = names(TuningSpace.RERANKING, kind="onnx", business={"popularity_weight": 0.15})
    assert found[2:] == ["reranker.business.popularity_weight"]


def test_a_window_never_grows():
    present = present_values(kind="triton", rerank_window=25)
    (window,) = tunables(TuningSpace.RERANKING, present, only=["window"])
    assert window.values == (10, 20, 25)


def test_reranking_without_a_reranker_is_refused_with_the_remedy():
    with pytest.raises(TuningError, match="there is no reranker") as refused:
        names(TuningSpace.RERANKING)
    assert "reranker.kind=onnx" in refused.value.remedy


def test_all_has_reranking_only_where_a_reranker_is_set():
    without, reranked = names(TuningSpace.ALL), names(TuningSpace.ALL, kind="onnx")
    assert reranked == [*without, "reranker.weight", "reranker.rerank_window"]


@pytest.mark.parametrize(
    ("space", "kind", "expected"),
    [
        (TuningSpace.ALL, RerankerKind.TRITON, True),
        (TuningSpace.RERANKING, RerankerKind.ONNX, True),
        (TuningSpace.ALL, RerankerKind.NONE, False),
        (TuningSpace.FUSION, RerankerKind.ONNX, False),
        (TuningSpace.FIELDS, RerankerKind.ONNX, False),
    ],
)
def test_rankings_are_reranked_where_reranking_is_tuned(space, kind, expected):
    assert reranks(space, {"reranker.kind": kind.value}) is expected
