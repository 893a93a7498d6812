import pytest

from reranker.training.unigram_tokenizer import unigram_tokenizer

PIECES = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0),
    ("\u2581red", -3.0), ("\u2581re", -2.5), ("d", -2.0), ("手机", -4.0), ("手", -6.0),
    ("机", -6.0), ("壳", -5.0), ("1", -3.0), ("2", -3.0),
]  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer():
    return unigram_tokenizer(PIECES, begin=0, end=2, padding=1, unknown=3)


def pieces_of(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).tokens


def test_the_likeliest_segmentation_is_taken(tokenizer):
    # -3 for one piece, -2.5 - 2 for two.
    assert pieces_of(tokenizer, "red") == ["\u2581red"]
    # -4 - 5, where character by character it would be -6 - 6 - 5.
    assert pieces_of(tokenizer, "手机壳") == ["\u2581", "手机", "壳"]


def test_a_character_without_a_piece_is_unknown(tokenizer):
    assert tokenizer.encode("裙", add_special_tokens=False).ids == [4, 3]


def test_a_pair_has_two_separators_and_the_passage_is_the_second_segment(tokenizer):
    pair = tokenizer.encode("red", "手机壳")
    assert pair.tokens == ["<s>", "\u2581red", "</s>", "</s>", "\u2581", "手机", "壳", "</s>"]
    assert pair.type_ids == [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("１２", "12"),
        ("red\t\n red", "red red"),
        ("red\u3000red", "red red"),
        ("red\u200bred", "red red"),
        ("re\x01d", "red"),
        ("", ""),
    ],
    ids=["full width", "blanks", "wide blank", "blank without width", "control", "nothing"],
)
def test_characters_are_read_as_sentencepiece_reads_them(tokenizer, written, read):
    assert pieces_of(tokenizer, written) == pieces_of(tokenizer, read)


def test_padding_has_its_id(tokenizer):
    assert tokenizer.token_to_id("<pad>") == 1
