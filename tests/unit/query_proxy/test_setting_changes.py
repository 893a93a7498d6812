import pytest

from query_proxy.workbench.setting_changes import changed_settings, triable_settings
from search_core import ConfigurationError
from search_core.settings import FusionMethod, Settings


def test_numbers_switches_and_choices_are_changed_the_rest_stays():
    before = Settings.model_validate({"retrieval": {"candidates": 150}})
    after = changed_settings(
        before,
        "retrieval.fusion.dense_weight = 2.5\n\n# a comment\nretrieval.all_terms=false\n"
        "retrieval.fusion.method=z_score",
    )
    assert after.retrieval.fusion.dense_weight == 2.5
    assert after.retrieval.all_terms is False
    assert after.retrieval.fusion.method is FusionMethod.Z_SCORE
    assert after.retrieval.candidates == 150
    assert before.retrieval.all_terms is True


@pytest.mark.parametrize(
    "line",
    [
        "search_engine.url=http://169.254.169.254",
        "query_understanding.rules=/etc/passwd",
        "reranker.url=elsewhere:8001",
        "reranker.cross_encoder=/tmp/model",
        "query_proxy.allow_admin=true",
        "retrieval=1",
        "retrieval.fusion.dense_weight",
        "nonsense",
    ],
)
def test_what_could_lead_elsewhere_is_no_change_to_try(line):
    with pytest.raises(ConfigurationError, match="no change that can be tried"):
        changed_settings(Settings(), line)


def test_a_value_out_of_range_is_named():
    with pytest.raises(ConfigurationError, match=r"retrieval\.fusion\.dense_weight"):
        changed_settings(Settings(), "retrieval.fusion.dense_weight=-1")


def test_secrets_and_addresses_survive_a_change():
    settings = Settings.model_validate(
        {"search_engine": {"url": "http://node:9200", "user": "u", "password": "a-secret"}}
    )
    after = changed_settings(settings, "retrieval.dense=false")
    assert after.search_engine == settings.search_engine


def test_nothing_that_is_text_or_a_path_can_be_tried():
    names = triable_settings()
    assert "retrieval.fusion.dense_weight" in names
    assert "reranker.kind" in names
    assert not [name for name in names if "url" in name or "rules" in name or "repository" in name]
