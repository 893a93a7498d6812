"""What every text encoder promises, asked of the fake, of the cache and of the real models.

The real ones are fetched once into the user's cache folder.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from artifacts import ArtifactStore, default_cache_dir
from encoders import CachedTextEncoder, VectorCache, create_text_encoder
from encoders.testing import HashingTextEncoder
from search_core import TextEncoder
from search_core.settings import EncoderSettings

# Lengths and words differ, so that batches are padded and sorted.
TEXTS = [
    "red summer dress",
    "Laptop 15.6 inch, 16 GB memory, 512 GB solid state drive, backlit keyboard, silver",
    "usb cable",
    "",
    "waterproof hiking boots for men, leather",
    "summer dress in red",
    "红色连衣裙",
    "toner cartridge black 2,300 pages",
]


def _hashing(folder: Path) -> TextEncoder:
    return HashingTextEncoder()


def _cached(folder: Path) -> TextEncoder:
    return CachedTextEncoder(HashingTextEncoder(), VectorCache(folder / "vectors", 100_000_000))


def _named(model: str, batch_tokens: int) -> Callable[[Path], TextEncoder]:
    def load(folder: Path) -> TextEncoder:
        # Two threads and small batches even where there is one core: several batches are computed.
        settings = EncoderSettings(model=model, threads=2, batch_tokens=batch_tokens)
        return create_text_encoder(settings, [], ArtifactStore(default_cache_dir()), None)

    return load


ENCODERS: dict[str, tuple[Callable[[Path], TextEncoder], float]] = {
    # The second is by how much a cosine may move with the texts beside it.
    "hashing": (_hashing, 1e-6),
    "cached": (_cached, 1e-6),
    "all-minilm-l6-v2-int8": (_named("all-minilm-l6-v2-int8", 64), 0.03),
    "all-minilm-l6-v2-int8 alone": (_named("all-minilm-l6-v2-int8", 1), 1e-6),
    "all-minilm-l6-v2": (_named("all-minilm-l6-v2", 64), 1e-5),
    "bge-small-zh-v1.5-int8": (_named("bge-small-zh-v1.5-int8", 64), 0.03),
    "english-multilingual": (_named("english-multilingual", 64), 0.03),
    "universal-sentence-encoder-multilingual": (
        _named("universal-sentence-encoder-multilingual", 64),
        1e-5,
    ),
}


@pytest.fixture(scope="module", params=ENCODERS)
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[TextEncoder, float]:
    load, tolerance = ENCODERS[request.param]
    return load(tmp_path_factory.mktemp("encoder")), tolerance


@pytest.fixture(scope="module")
def encoder(case: tuple[TextEncoder, float]) -> TextEncoder:
    return case[0]


def test_passages_are_float32_rows_of_the_stated_dimension(encoder):
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.identity.dimension)


def test_a_query_is_one_float32_vector_of_the_stated_dimension(encoder):
    vector = encoder.encode_query("red dress")
    assert vector.dtype == np.float32
    assert vector.shape == (encoder.identity.dimension,)


def test_every_vector_has_length_1_that_of_an_empty_text_too(encoder):
    lengths = np.linalg.norm(encoder.encode_passages(TEXTS), axis=1)
    assert lengths == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert np.linalg.norm(encoder.encode_query("")) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode_passages([]).shape == (0, encoder.identity.dimension)


def test_rows_are_in_the_order_of_the_texts(case):
    encoder, tolerance = case
    there = encoder.encode_passages(TEXTS)
    back = encoder.encode_passages(TEXTS[::-1])[::-1]
    cosines = np.einsum("ij,ij->i", there, back)
    assert cosines.min() > 1 - tolerance - 1e-6


def test_equal_texts_have_equal_vectors(encoder):
    vectors = encoder.encode_passages(["usb cable", "red dress", "usb cable"])
    assert np.array_equal(vectors[0], vectors[2])


def test_a_text_hardly_depends_on_the_texts_beside_it(case):
    encoder, tolerance = case
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    cosines = np.einsum("ij,ij->i", together, alone)
    assert cosines.min() > 1 - tolerance - 1e-6


def test_the_same_call_gives_the_same_bits(encoder):
    assert np.array_equal(encoder.encode_passages(TEXTS), encoder.encode_passages(TEXTS))
    assert np.array_equal(encoder.encode_query("usb"), encoder.encode_query("usb"))


def test_near_texts_are_closer_than_far_ones(encoder):
    passages = encoder.encode_passages(["red summer dress", "toner cartridge black"])
    similarities = passages @ encoder.encode_query("summer dress in red")
    assert similarities[0] > similarities[1] + 0.1


def test_a_text_of_a_thousand_words_is_encoded(encoder):
    vectors = encoder.encode_passages(["red dress " * 500, "usb"])
    assert np.isfinite(vectors).all()


def test_several_threads_may_encode_at_once(encoder):
    passages, query = encoder.encode_passages(TEXTS), encoder.encode_query("red dress")
    with ThreadPoolExecutor(4) as pool:
        many_passages = list(pool.map(lambda _: encoder.encode_passages(TEXTS), range(8)))
        many_queries = list(pool.map(encoder.encode_query, ["red dress"] * 16))
    assert all(np.array_equal(each, passages) for each in many_passages)
    assert all(np.array_equal(each, query) for each in many_queries)


def test_the_identity_stays_the_same(encoder):
    assert encoder.identity == encoder.identity
    assert "@" in encoder.identity.model_id
