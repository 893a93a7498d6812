import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_core.settings import SearchEngineSettings, VectorCompression, VectorEngine
from search_engine.vector_storage import cosine_of_score, stored_vectors, vector_mapping


def unit(seed, dimension=384, count=2):
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def plugin_score(product):
    return product + 1 if product >= 0 else 1 / (1 - product)


@pytest.mark.parametrize("compression", [VectorCompression.NONE, VectorCompression.SCALAR])
def test_vectors_that_opensearch_compresses_are_given_to_it_as_they_are(compression):
    vectors = unit(1)
    assert stored_vectors(vectors, compression) is vectors


def test_bytes_are_spread_over_their_whole_range():
    stored = stored_vectors(unit(2, count=50), VectorCompression.BYTE)
    assert stored.dtype == np.int8
    # 127 / 5 root mean squares: the standard deviation of what is stored.
    assert np.std(stored.astype(float)) == pytest.approx(127 / 5, rel=0.02)
    assert stored.max() > 80


def test_a_component_out_of_reach_is_cut_and_does_not_wrap_around():
    vector = np.zeros(384, np.float32)
    vector[0], vector[1] = 0.6, -0.8
    stored = stored_vectors(vector, VectorCompression.BYTE)
    assert stored[:2].tolist() == [127, -128]


@given(st.integers(0, 10_000))
def test_the_cosine_of_bytes_is_that_of_the_vectors_within_two_hundredths(seed):
    left, right = unit(seed)
    stored = stored_vectors(np.array([left, right]), VectorCompression.BYTE).astype(int)
    score = plugin_score(int(stored[0] @ stored[1]))
    cosine = cosine_of_score(score, VectorCompression.BYTE, 384)
    assert cosine == pytest.approx(float(left @ right), abs=0.02)


@pytest.mark.parametrize("product", [-0.7, 0.0, 0.4, 1.0])
def test_the_plugins_mapping_is_undone(product):
    score = plugin_score(product)
    assert cosine_of_score(score, VectorCompression.NONE, 384) == pytest.approx(product)


def test_the_mapping_names_what_is_stored():
    plain = vector_mapping(384, SearchEngineSettings())
    assert "data_type" not in plain
    assert "encoder" not in plain["method"]["parameters"]
    as_bytes = vector_mapping(384, SearchEngineSettings(vector_compression=VectorCompression.BYTE))
    assert as_bytes["data_type"] == "byte"
    scalar = SearchEngineSettings(
        vector_compression=VectorCompression.SCALAR, vector_engine=VectorEngine.FAISS
    )
    encoder = vector_mapping(384, scalar)["method"]["parameters"]["encoder"]
    assert encoder == {"name": "sq", "parameters": {"type": "fp16"}}
