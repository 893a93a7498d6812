import re

import pytest

from encoders.model_registry import MAIN_LANGUAGE_SHARE, NAMED_MODELS, model_for_languages

ENGLISH = "all-minilm-l6-v2-int8"
CHINESE = "bge-small-zh-v1.5-int8"
PAIR = "english-multilingual"
MIXED = "universal-sentence-encoder-multilingual"


@pytest.mark.parametrize(
    ("languages", "model"),
    [
        (["en"], ENGLISH),
        (["en-GB", "en_US"], ENGLISH),
        (["zh-Hant"], CHINESE),
        (["es"], MIXED),
        (["en", "zh"], PAIR),
        ({"en": 0.76, "zh": 0.24}, PAIR),
        ({"zh": 0.9, "en": 0.1}, PAIR),
        ({"en": 0.5, "zh": 0.3, "ja": 0.2}, PAIR),
        ({"en": 0.5, "zh": 0.3, "es": 0.2}, MIXED),
        ({"zh": 0.5, "ja": 0.5}, MIXED),
        ({"en": 0.98, "zh": 0.02}, ENGLISH),
        ([], MIXED),
        ({"en": 720, "fr": 200, "nl": 80}, ENGLISH),
        ({"zh": 0.95, "en": 0.05}, CHINESE),
        ({"en": 0.5, "es": 0.5}, MIXED),
        ({"en": 0.3, "und": 0.7}, ENGLISH),
        ({"und": 1.0}, MIXED),
        ({"en": 0.0, "zh": 0.0}, MIXED),
        ({"en-GB": 0.4, "en-US": 0.4, "de": 0.2}, ENGLISH),
        ({"en": MAIN_LANGUAGE_SHARE, "fr": 1 - MAIN_LANGUAGE_SHARE}, ENGLISH),
    ],
)
def test_auto_takes_the_main_language_or_the_multilingual_model(languages, model):
    assert model_for_languages(languages) == model


@pytest.mark.parametrize("model", NAMED_MODELS.values(), ids=lambda model: model.name)
def test_every_named_model_is_pinned_licensed_and_described(model):
    assert re.fullmatch(r"[0-9a-f]{64}", model.artifact.sha256)
    assert model.licence in {"Apache-2.0", "MIT"}
    assert model.dimension in {384, 512}
    assert model.languages
    assert NAMED_MODELS[model.name] is model


def test_no_two_models_share_a_file():
    assert len({model.artifact.sha256 for model in NAMED_MODELS.values()}) == len(NAMED_MODELS)
