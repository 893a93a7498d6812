import pytest

from search_core import ConfigurationError
from shopkeeper.configuration import load_settings, setting_names


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_flag_wins_over_the_environment_over_the_file(tmp_path):
    config = tmp_path / "my.toml"
    config.write_text("[retrieval]\ncandidates = 50\ndeadline_ms = 100\n[indexer]\nmax_rejects = 7")
    settings = load_settings(
        config,
        {"retrieval.candidates": "70"},
        {"SHOPKEEPER_RETRIEVAL__CANDIDATES": "60", "SHOPKEEPER_RETRIEVAL__DEADLINE_MS": "200"},
    )
    assert settings.retrieval.candidates == 70
    assert settings.retrieval.deadline_ms == 200
    assert settings.indexer.max_rejects == 7


def test_the_file_of_the_working_folder_is_read(tmp_path):
    (tmp_path / "shopkeeper.toml").write_text("[retrieval.fusion]\ndense_weight = 3.0")
    assert load_settings(environment={}).retrieval.fusion.dense_weight == 3.0


def test_without_a_file_the_defaults_hold():
    assert load_settings(environment={}).retrieval.dense is True


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SHOPKEEPER_RETRIEVL__DENSE": "1"}, "SHOPKEEPER_RETRIEVL__DENSE"),
        ({"SHOPKEEPER_RETRIEVAL__DENS": "1"}, "did you mean retrieval.dense"),
        ({"SHOPKEEPER_RETRIEVAL__CANDIDATES": "many"}, "retrieval.candidates"),
        ({"SHOPKEEPER_RETRIEVAL": "x"}, "retrieval"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name_and_origin(environment, words):
    with pytest.raises(ConfigurationError, match=words):
        load_settings(environment=environment)


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="no settings file"):
        load_settings(tmp_path / "none.toml", environment={})


def test_a_file_that_is_no_toml_is_named(tmp_path):
    (tmp_path / "broken.toml").write_text("[retrieval\n")
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        load_settings(tmp_path / "broken.toml", environment={})


def test_a_value_where_a_section_belongs_is_refused():
    with pytest.raises(ConfigurationError, match="is a value, not a section"):
        load_settings(overrides={"retrieval": "1", "retrieval.dense": "1"}, environment={})


def test_variables_of_the_tests_are_no_settings():
    load_settings(environment={"SHOPKEEPER_TEST_OPENSEARCH_URL": "x"})


def test_a_secret_is_read_and_not_shown():
    settings = load_settings(environment={"SHOPKEEPER_SEARCH_ENGINE__PASSWORD": "hidden"})
    assert settings.search_engine.password.get_secret_value() == "hidden"
    assert "hidden" not in repr(settings)


def test_settings_are_listed_by_their_dotted_names():
    assert "retrieval.fusion.dense_weight" in setting_names()


def test_the_short_form_of_a_languages_model_may_have_other_settings_beside_it(tmp_path):
    config = tmp_path / "my.toml"
    config.write_text('[reranker.models]\nzh = "models/mine"\nja = "models/other"')
    settings = load_settings(
        config,
        {"reranker.models.zh.cross_encoder": "models/newer", "reranker.models.ja": "models/third"},
        {"SHOPKEEPER_RERANKER__MODELS__ZH__WEIGHT": "0.2"},
    )
    models = settings.reranker.models
    assert (models["zh"].cross_encoder, models["zh"].weight) == ("models/newer", 0.2)
    assert models["ja"].cross_encoder == "models/third"
    assert list(models) == ["zh", "ja"]
