import json

import pytest

from reranker.testing import write_word_model
from search_core import ConfigurationError, RerankerModelError
from search_core.settings import Settings
from shopkeeper.served_models import install_cross_encoder, publish_for


@pytest.fixture
def settings(tmp_path):
    english = write_word_model(tmp_path / "english", languages=["en"])
    chinese = write_word_model(tmp_path / "chinese", languages=["zh"])
    return Settings.model_validate(
        {
            "local_stack": {"data_dir": str(tmp_path / "data")},
            "reranker": {
                "repository": str(tmp_path / "models"),
                "cross_encoder": str(english),
                "models": {"zh": str(chinese)},
            },
        }
    )


def card_of(tmp_path, model):
    return json.loads((tmp_path / "models" / model / "1" / "model_card.json").read_text())


def test_each_language_is_installed_under_its_own_name_and_once(settings, tmp_path):
    for language, model in ((None, "cross_encoder"), ("zh", "cross_encoder_zh")):
        section = settings.reranker.of(language)
        assert install_cross_encoder(settings, None, section).model == model
        assert install_cross_encoder(settings, None, section) is None
    assert card_of(tmp_path, "cross_encoder")["name"] == "english"
    assert card_of(tmp_path, "cross_encoder_zh")["name"] == "chinese"


def test_a_language_whose_model_is_not_named_has_none_to_install(settings):
    with pytest.raises(RerankerModelError, match="there is no cross-encoder ''"):
        install_cross_encoder(settings, None, settings.reranker.of("de"))


def test_a_model_that_does_not_read_the_language_is_not_published_for_it(settings, tmp_path):
    with pytest.raises(ConfigurationError, match="reads en, not zh") as refused:
        publish_for("zh", tmp_path / "english", settings)
    assert "--language zh" in refused.value.remedy
    assert not (tmp_path / "models").exists()
    publish_for("zh", tmp_path / "english", settings, ["zh", "en"])
    assert card_of(tmp_path, "cross_encoder_zh")["languages"] == ["zh", "en"]


def test_a_model_for_all_others_may_read_anything(settings, tmp_path):
    assert publish_for(None, tmp_path / "chinese", settings).model == "cross_encoder"
