import numpy as np
import pytest

from encoders import ModelPairEncoder
from encoders.model_pair_encoder import in_latin_letters
from encoders.testing import HashingTextEncoder

EVERY = HashingTextEncoder(16, "every@111")
LATIN = HashingTextEncoder(8, "latin@222")
PAIR = ModelPairEncoder("pair", latin=LATIN, every=EVERY)
HALF = 0.5**0.5


@pytest.mark.parametrize(
    "text", ["连衣裙", "Novaphone 12 壳", "ドレス", "원피스", "платье", "فستان"]
)
def test_another_script_is_noticed(text):
    assert not in_latin_letters(text)


@pytest.mark.parametrize("text", ["", "dress", "café Größe", "8 Ω speaker", "5 µm", "，。", "12"])
def test_latin_letters_and_stray_symbols_are_not_another_script(text):
    assert in_latin_letters(text)


def test_a_text_in_latin_letters_goes_through_both_models():
    vector = PAIR.encode_query("red dress")
    assert vector[:8] == pytest.approx(HALF * LATIN.encode_query("red dress"))
    assert vector[8:] == pytest.approx(HALF * EVERY.encode_query("red dress"))


def test_another_text_goes_through_the_multilingual_model_only():
    vector = PAIR.encode_query("红色连衣裙")
    assert not vector[:8].any()
    assert np.array_equal(vector[8:], EVERY.encode_query("红色连衣裙"))


def test_two_latin_texts_have_the_mean_of_both_cosines():
    one, two = PAIR.encode_passages(["red dress", "red dresses"])
    cosines = [
        float(m.encode_query("red dress") @ m.encode_query("red dresses")) for m in (LATIN, EVERY)
    ]
    assert float(one @ two) == pytest.approx(sum(cosines) / 2, abs=1e-6)


def test_passages_keep_their_order_and_length():
    texts = ["a b", "红", "c d", "蓝", "e f"]
    rows = PAIR.encode_passages(texts)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(5), abs=1e-6)
    for row, text in zip(rows, texts, strict=True):
        assert row == pytest.approx(PAIR.encode_query(text), abs=1e-6)


def test_the_identity_changes_with_either_model():
    other = ModelPairEncoder("pair", every=EVERY, latin=HashingTextEncoder(8, "latin@333"))
    assert PAIR.identity.model_id == "pair@222+111"
    assert PAIR.identity.dimension == 24
    assert other.identity != PAIR.identity
