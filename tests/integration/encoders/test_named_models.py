"""The named models as they come from the package registries."""

import statistics
import time

import numpy as np
import pytest

from artifacts import ArtifactStore, default_cache_dir
from encoders import NAMED_MODELS, create_text_encoder, encoder_for_model_id
from search_core.settings import EncoderSettings

PASSAGES = {
    "en": ["red summer dress", "black toner cartridge", "gaming laptop", "leather hiking boots"],
    "zh": ["红色连衣裙", "黑色墨盒", "游戏笔记本电脑", "真皮登山鞋"],
}
QUERIES = {
    "en": ["dress for summer", "printer ink", "notebook computer", "shoes for the mountains"],
    "zh": ["夏天的裙子", "打印机墨水", "电脑", "爬山的鞋子"],
}


@pytest.fixture(scope="module")
def store():
    return ArtifactStore(default_cache_dir())


@pytest.mark.parametrize("name", NAMED_MODELS)
def test_each_query_is_nearest_to_its_passage(store, name):
    encoder = create_text_encoder(EncoderSettings(model=name), [], store, None)
    language = "zh" if name.startswith("bge-small-zh") else "en"
    queries = np.array([encoder.encode_query(text) for text in QUERIES[language]])
    similarities = queries @ encoder.encode_passages(PASSAGES[language]).T
    assert similarities.argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert encoder.identity.dimension == NAMED_MODELS[name].dimension


def test_the_multilingual_model_finds_english_passages_by_chinese_queries(store):
    encoder = create_text_encoder(EncoderSettings(), ["en", "zh"], store, None)
    queries = np.array([encoder.encode_query(text) for text in QUERIES["zh"]])
    similarities = queries @ encoder.encode_passages(PASSAGES["en"]).T
    assert (similarities.argmax(axis=1) == [0, 1, 2, 3]).sum() >= 3


def test_int8_stays_close_to_full_precision(store):
    texts = [f"{text}, item {number}" for text in PASSAGES["en"] for number in range(25)]
    int8, full = (
        create_text_encoder(EncoderSettings(model=name), [], store, None).encode_passages(texts)
        for name in ("all-minilm-l6-v2-int8", "all-minilm-l6-v2")
    )
    cosines = np.einsum("ij,ij->i", int8, full)
    assert cosines.mean() > 0.98
    assert cosines.min() > 0.96


def test_an_index_of_today_is_searched_by_the_same_model(store):
    settings = EncoderSettings()
    indexed = create_text_encoder(settings, ["en"], store, None).identity
    assert encoder_for_model_id(indexed.model_id, settings, store).identity == indexed


def test_a_query_takes_at_most_6_ms(store):
    encoder = create_text_encoder(EncoderSettings(threads=1), ["en"], store, None)
    times_ms = []
    for _ in range(200):
        started = time.perf_counter()
        encoder.encode_query("red summer dress")
        times_ms.append((time.perf_counter() - started) * 1000)
    assert statistics.median(times_ms) <= 6
