import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from reranker.training.pruned_vocabulary import pruned_vocabulary
from reranker.training.unigram_tokenizer import unigram_tokenizer
from search_core import RerankerTrainingError

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
LETTERS = "abc手机壳"
WORDS = ["\u2581ab", "\u2581abc", "bc", "ca", "手机", "机壳", "手机壳", "\u2581手", "cab", "bb"]
UNIGRAM = [
    *((name, 0.0) for name in SPECIAL),
    ("\u2581", -3.0),
    *((letter, -6.0 - place) for place, letter in enumerate(LETTERS)),
    *((word, -4.0 - 0.3 * place) for place, word in enumerate(WORDS)),
    ("unlikely", -30.0),
]
WORD_PIECE = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##a", "b", "##b", "ab", "##ab", "abb", "##bb", "ba",
]  # fmt: skip


def unigram_file(folder):
    path = folder / "unigram.json"
    unigram_tokenizer(UNIGRAM, begin=0, end=2, padding=1, unknown=3).save(str(path))
    return path


def word_piece_file(folder):
    vocabulary = {name: place for place, name in enumerate(WORD_PIECE)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
    path = folder / "word_piece.json"
    tokenizer.save(str(path))
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizers")
    return {"unigram": unigram_file(folder), "word pieces": word_piece_file(folder)}


def read(pruned):
    return Tokenizer.from_str(pruned.tokenizer)


@given(texts=st.lists(st.text(f"{LETTERS} x", min_size=1, max_size=12), min_size=1, max_size=6))
def test_unigram_segmentation_of_the_texts_stays(files, texts):
    before = Tokenizer.from_file(str(files["unigram"]))
    after = read(pruned_vocabulary(files["unigram"], texts, pieces=0))
    for text in texts:
        assert after.encode(text, text).tokens == before.encode(text, text).tokens


@given(texts=st.lists(st.text("ab x", min_size=1, max_size=12), min_size=1, max_size=6))
def test_word_pieces_of_the_texts_stay(files, texts):
    before = Tokenizer.from_file(str(files["word pieces"]))
    after = read(pruned_vocabulary(files["word pieces"], texts, pieces=0))
    for text in texts:
        assert after.encode(text, text).tokens == before.encode(text, text).tokens


@pytest.mark.parametrize("kind", ["unigram", "word pieces"])
def test_each_new_id_names_the_piece_whose_row_is_kept(files, kind):
    before = Tokenizer.from_file(str(files[kind]))
    pruned = pruned_vocabulary(files[kind], ["abc 手机壳"], pieces=0)
    after = read(pruned)
    assert len(pruned.kept) < before.get_vocab_size()
    for new, old in enumerate(pruned.kept.tolist()):
        assert after.id_to_token(new) == before.id_to_token(old)


def test_special_tokens_and_single_characters_stay_unused(files):
    after = read(pruned_vocabulary(files["unigram"], [], pieces=0))
    assert set(SPECIAL) | set(LETTERS) | {"\u2581"} <= set(after.get_vocab())
    assert after.encode("手机壳").tokens == ["<s>", "\u2581手", "机", "壳", "</s>"]


def test_separators_and_padding_get_their_new_ids(files):
    after = read(pruned_vocabulary(files["word pieces"], ["b"], pieces=0))
    encoded = after.encode("b", "a")
    assert encoded.tokens == ["[CLS]", "b", "[SEP]", "a", "[SEP]"]
    assert encoded.ids == [after.token_to_id(token) for token in encoded.tokens]
    assert after.padding["pad_id"] == after.token_to_id("[PAD]")


def test_the_likeliest_pieces_fill_up(files):
    least = pruned_vocabulary(files["unigram"], [], pieces=0)
    more = pruned_vocabulary(files["unigram"], [], pieces=len(least.kept) + 2)
    added = set(read(more).get_vocab()) - set(read(least).get_vocab())
    assert added == {"\u2581ab", "\u2581abc"}


def test_what_the_texts_need_stays_however_few_are_wanted(files):
    after = read(pruned_vocabulary(files["unigram"], ["手机壳"], pieces=1))
    assert "手机壳" in after.get_vocab()


def test_byte_pairs_are_refused(tmp_path):
    tokenizer = Tokenizer(models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")]))
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(RerankerTrainingError, match="of the kind BPE, which cannot be pruned"):
        pruned_vocabulary(tmp_path / "tokenizer.json", ["ab"], pieces=0)


def test_the_result_is_a_tokenizer_file(files):
    described = json.loads(pruned_vocabulary(files["unigram"], ["abc"], pieces=0).tokenizer)
    assert described["model"]["type"] == "Unigram"
    assert described["model"]["unk_id"] == 3
