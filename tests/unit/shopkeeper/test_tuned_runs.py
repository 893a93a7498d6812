import pytest
from pydantic import ValidationError

from search_core.settings import FusionMethod, RetrievalSettings, Settings
from shopkeeper.tuned_runs import present_values, retrieval_with


def test_only_the_named_settings_change():
    settings = Settings(retrieval=RetrievalSettings(candidates=50))
    changed = retrieval_with(
        settings,
        {"retrieval.fusion.method": "min_max", "retrieval.all_terms_boosts.title": 7.0},
    )
    assert changed.fusion.method is FusionMethod.MIN_MAX
    assert changed.all_terms_boosts.title == 7.0
    assert changed.candidates == 50
    assert changed.some_terms_boosts == settings.retrieval.some_terms_boosts


def test_a_value_out_of_range_is_refused():
    with pytest.raises(ValidationError):
        retrieval_with(Settings(), {"retrieval.candidates": 1})


def test_present_values_are_what_a_settings_file_would_say():
    values = present_values(Settings())
    assert values["retrieval.fusion.method"] == "reciprocal_rank"
    assert (
        retrieval_with(
            Settings(),
            {name: value for name, value in values.items() if name.startswith("retrieval.")},
        )
        == RetrievalSettings()
    )
