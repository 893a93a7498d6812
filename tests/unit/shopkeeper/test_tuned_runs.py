import pytest
from pydantic import ValidationError

from search_core.settings import FusionMethod, RetrievalSettings, Settings
from shopkeeper.tuned_runs import present_values, settings_with


def test_only_the_named_settings_change():
    settings = Settings(retrieval=RetrievalSettings(candidates=50))
    changed = settings_with(
        settings,
        {"retrieval.fusion.method": "min_max", "retrieval.all_terms_boosts.title": 7.0},
    ).retrieval
    assert changed.fusion.method is FusionMethod.MIN_MAX
    assert changed.all_terms_boosts.title == 7.0
    assert changed.candidates == 50
    assert changed.some_terms_boosts == settings.retrieval.some_terms_boosts


def test_the_reranker_changes_beside_retrieval():
    setting = {"reranker.weight": 0.7, "reranker.business.popularity_weight": 0.1}
    changed = settings_with(Settings(), {**setting, "retrieval.candidates": 50})
    assert changed.reranker.weight == 0.7
    assert changed.reranker.business.popularity_weight == 0.1
    assert changed.reranker.rerank_window == Settings().reranker.rerank_window
    assert changed.retrieval.candidates == 50


@pytest.mark.parametrize("setting", [{"retrieval.candidates": 1}, {"reranker.weight": 1.5}])
def test_a_value_out_of_range_is_refused(setting):
    with pytest.raises(ValidationError):
        settings_with(Settings(), setting)


def test_present_values_are_what_a_settings_file_would_say():
    values = present_values(Settings())
    assert values["retrieval.fusion.method"] == "reciprocal_rank"
    assert (
        settings_with(
            Settings(),
            {name: value for name, value in values.items() if name.startswith("retrieval.")},
        )
        == Settings()
    )
