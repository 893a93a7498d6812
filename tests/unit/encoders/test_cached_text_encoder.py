import numpy as np
import pytest

from encoders.cached_text_encoder import CachedTextEncoder, CacheStatistics
from encoders.testing import HashingTextEncoder
from encoders.vector_cache import VectorCache


@pytest.fixture
def cache(tmp_path):
    with VectorCache(tmp_path / "vectors", 100_000_000) as opened:
        yield opened


def test_a_passage_is_computed_once(cache):
    inner = HashingTextEncoder()
    encoder = CachedTextEncoder(inner, cache)
    encoder.encode_passages(["red dress", "blue dress"])
    encoder.encode_passages(["blue dress", "green dress"])
    assert inner.encoded_passages == 3
    assert encoder.statistics == CacheStatistics(hits=1, misses=3)


def test_equal_texts_of_one_call_are_computed_once(cache):
    inner = HashingTextEncoder()
    encoder = CachedTextEncoder(inner, cache)
    vectors = encoder.encode_passages(["red", "red", "blue", "red"])
    assert inner.encoded_passages == 2
    assert np.array_equal(vectors[0], vectors[3])
    assert encoder.statistics == CacheStatistics(hits=0, misses=2)


def test_a_new_run_over_the_same_texts_computes_nothing(cache):
    texts = [f"product {i}" for i in range(300)]
    first = CachedTextEncoder(HashingTextEncoder(), cache).encode_passages(texts)
    inner = HashingTextEncoder()
    again = CachedTextEncoder(inner, cache).encode_passages(texts)
    assert inner.encoded_passages == 0
    assert np.array_equal(first, again)


def test_what_another_encoder_of_the_run_computed_was_not_spared(cache):
    CachedTextEncoder(HashingTextEncoder(), cache).encode_passages(["an earlier run"])
    encoder = CachedTextEncoder(HashingTextEncoder(), cache)
    for_tags = CachedTextEncoder(HashingTextEncoder(), cache)
    for_tags.encode_passages(["red dress", "an earlier run", "a meaning"])
    encoder.encode_passages(["red dress", "an earlier run", "blue dress"])
    assert for_tags.statistics == CacheStatistics(hits=1, misses=2)
    assert encoder.statistics == CacheStatistics(hits=1, misses=2)
    encoder.encode_passages(["red dress"])  # a variant with the same text
    assert encoder.statistics == CacheStatistics(hits=2, misses=2)


def test_the_next_run_was_spared_what_this_one_computed(cache):
    for_tags = CachedTextEncoder(HashingTextEncoder(), cache)
    for_tags.encode_passages(["red dress"])
    encoder = CachedTextEncoder(HashingTextEncoder(), cache)
    encoder.encode_passages(["red dress"])
    assert encoder.statistics == CacheStatistics(hits=1, misses=0)


def test_found_and_computed_vectors_are_in_the_order_of_the_texts(cache):
    encoder = CachedTextEncoder(HashingTextEncoder(), cache)
    encoder.encode_passages(["blue", "green"])
    texts = ["red", "green", "yellow", "blue"]
    expected = HashingTextEncoder().encode_passages(texts)
    assert encoder.encode_passages(texts) == pytest.approx(expected, abs=1e-3)


def test_another_model_finds_nothing_of_the_first(cache):
    CachedTextEncoder(HashingTextEncoder(model_id="a@1"), cache).encode_passages(["red"])
    inner = HashingTextEncoder(model_id="a@2")
    CachedTextEncoder(inner, cache).encode_passages(["red"])
    assert inner.encoded_passages == 1


def test_queries_and_the_identity_are_those_of_the_encoder_inside(cache):
    inner = HashingTextEncoder()
    encoder = CachedTextEncoder(inner, cache)
    assert encoder.identity == inner.identity
    assert np.array_equal(encoder.encode_query("red"), inner.encode_query("red"))
    assert cache.stats().entries == 0


def test_a_cache_that_cannot_be_used_leaves_the_encoder_working(tmp_path):
    (tmp_path / "vectors").write_text("in the way", encoding="utf-8")
    encoder = CachedTextEncoder(HashingTextEncoder(), VectorCache(tmp_path / "vectors", 1000))
    assert encoder.encode_passages(["red"]).shape == (1, 64)
