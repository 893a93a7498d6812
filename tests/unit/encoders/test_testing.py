import numpy as np

from encoders.testing import HashingTextEncoder


def test_it_counts_the_passages_it_was_asked_for():
    encoder = HashingTextEncoder()
    encoder.encode_passages(["red", "blue"])
    encoder.encode_query("red")
    assert encoder.encoded_passages == 2


def test_dimension_and_name_are_the_tests_choice():
    encoder = HashingTextEncoder(dimension=8, model_id="other@1")
    assert encoder.identity.dimension == 8
    assert encoder.identity.model_id == "other@1"
    assert encoder.encode_query("").shape == (8,)


def test_a_query_and_a_passage_of_the_same_text_have_the_same_vector():
    encoder = HashingTextEncoder()
    assert np.array_equal(encoder.encode_query("red"), encoder.encode_passages(["red"])[0])
