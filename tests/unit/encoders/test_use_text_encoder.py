import numpy as np
import pytest

from encoders.use_text_encoder import UseTextEncoder
from search_core import EncoderUnavailableError


@pytest.fixture(scope="module")
def encoder(use_files):
    return UseTextEncoder("use", *use_files, threads=2, max_tokens=16)


def test_a_query_and_a_passage_of_the_same_text_have_the_same_vector(encoder):
    passage = encoder.encode_passages(["blue dress", "red shoe shoe shoe"])[0]
    assert passage == pytest.approx(encoder.encode_query("blue dress"), abs=1e-5)


def test_rows_are_in_the_order_of_the_texts(encoder):
    texts = ["red", "blue dress red shoe", "", "red"]
    vectors = encoder.encode_passages(texts)
    for vector, text in zip(vectors, texts, strict=True):
        assert vector == pytest.approx(encoder.encode_query(text), abs=1e-5)


def test_a_long_text_is_cut(encoder):
    long = encoder.encode_passages(["red dress " * 20, "red dress " * 40])
    assert np.array_equal(long[0], long[1])


def test_the_cut_is_part_of_the_identity(encoder, use_files):
    other = UseTextEncoder("use", *use_files, threads=1, max_tokens=32)
    assert other.identity.model_id != encoder.identity.model_id
    assert other.identity.dimension == 512


def test_broken_weights_are_an_error_with_their_folder(use_files, tmp_path):
    weights = tmp_path / "weights.npz"
    weights.write_bytes(b"broken")
    with pytest.raises(EncoderUnavailableError, match="use does not load from"):
        UseTextEncoder("use", weights, use_files[1], max_tokens=16)


def test_a_broken_tokenizer_is_an_error(use_files, tmp_path):
    tokenizer = tmp_path / "sp.model"
    tokenizer.write_bytes(b"broken")
    with pytest.raises(EncoderUnavailableError, match="use does not load from"):
        UseTextEncoder("use", use_files[0], tokenizer, max_tokens=16)
