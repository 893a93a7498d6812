from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from encoders.model_files import OnnxModelFiles, Pooling
from encoders.model_folder import read_model_folder
from encoders.onnx_text_encoder import OnnxTextEncoder
from search_core import EncoderError, EncoderUnavailableError

POOL_CLS = {"1_Pooling/config.json": {"pooling_mode_cls_token": True}}
PROMPTS = {"config_sentence_transformers.json": {"prompts": {"query": "query "}}}


def load(folder, **settings):
    files = read_model_folder(folder, folder.name)
    return OnnxTextEncoder(files, **{"threads": 1, "max_tokens": 128, **settings})


def direction(*components):
    return pytest.approx(np.array(components) / np.linalg.norm(components), abs=1e-6)


def test_mean_pooling_takes_the_direction_of_the_tokens_sum(model_folder):
    # [CLS] (1,0,0) + red (0,3,0) + dress (3,0,0) = (4,3,0)
    assert load(model_folder()).encode_query("red dress") == direction(4, 3, 0)


def test_cls_pooling_takes_the_first_token(model_folder):
    assert load(model_folder(files=POOL_CLS)).encode_query("red dress") == direction(1, 0, 0)


def test_padding_does_not_count(model_folder):
    vectors = load(model_folder()).encode_passages(["red", "red dress blue blue"])
    assert vectors[0] == direction(1, 3, 0)
    assert vectors[1] == direction(4, 3, 6)


def test_rows_are_in_the_order_of_the_texts(model_folder):
    texts = ["red", "blue dress dress", "", "red", "blue"]
    vectors = load(model_folder(), batch_tokens=4).encode_passages(texts)
    assert vectors.dtype == np.float32
    for vector, expected in zip(
        vectors, [(1, 3, 0), (7, 0, 3), (1, 0, 0), (1, 3, 0), (1, 0, 3)], strict=True
    ):
        assert vector == direction(*expected)


def test_no_texts_give_no_rows(model_folder):
    assert load(model_folder()).encode_passages([]).shape == (0, 3)


def test_a_prefix_is_put_before_queries_alone(model_folder):
    encoder = load(model_folder(files=PROMPTS))
    assert encoder.encode_query("red") == direction(1, 7, 4)
    assert encoder.encode_passages(["red"])[0] == direction(1, 3, 0)


def test_a_text_is_cut_at_the_models_limit(model_folder):
    limit = {"sentence_bert_config.json": {"max_seq_length": 2}}
    encoder = load(model_folder(files=limit), max_tokens=128)
    assert encoder.encode_passages(["red dress dress"])[0] == direction(1, 3, 0)


def test_half_a_surrogate_pair_is_encoded_as_an_unknown_word(model_folder):
    encoder = load(model_folder())
    assert encoder.encode_query("red \ud83d") == direction(1, 3, 1)
    assert encoder.encode_passages(["red \ud83d"])[0] == direction(1, 3, 1)


def test_the_identity_names_the_model_and_its_dimension(model_folder):
    identity = load(model_folder(name="mine")).identity
    assert identity.model_id.startswith("mine@")
    assert identity.dimension == 3


def test_threads_and_batches_do_not_change_the_identity(model_folder):
    folder = model_folder()
    assert load(folder).identity == load(folder, threads=2, batch_tokens=7).identity


def test_queries_and_passages_may_be_encoded_at_the_same_time(model_folder):
    encoder = load(model_folder(), threads=2, batch_tokens=8)
    texts = ["red", "blue dress", "dress"] * 20
    with ThreadPoolExecutor(4) as pool:
        passages = list(pool.map(lambda _: encoder.encode_passages(texts), range(8)))
        queries = list(pool.map(encoder.encode_query, ["blue"] * 32))
    assert all(np.array_equal(each, passages[0]) for each in passages)
    assert all(query == direction(1, 0, 3) for query in queries)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_broken_file_is_named(model_folder, name):
    folder = model_folder()
    (folder / name).write_bytes(b"{broken")
    with pytest.raises(EncoderUnavailableError, match=rf"{name} does not load"):
        load(folder)


def test_a_model_without_token_vectors_is_refused(tmp_path, model_folder):
    import onnx
    from onnx import TensorProto, helper

    folder = model_folder()
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    logits = helper.make_tensor_value_info("logits", TensorProto.INT64, ["batch", "length"])
    graph = helper.make_graph(
        [helper.make_node("Identity", ["input_ids"], ["logits"])], "g", [ids], [logits]
    )
    opset = [helper.make_opsetid("", 13)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    with pytest.raises(EncoderUnavailableError, match=r"no output .* it has logits"):
        load(folder)


def test_a_model_that_fails_on_a_text_says_so(model_folder):
    folder = model_folder()
    tokenizer = folder / "tokenizer.json"
    # The embedding table has 7 rows: a word with the number 99 is outside of it.
    text = tokenizer.read_text(encoding="utf-8").replace('"blue": 4', '"blue": 99')
    tokenizer.write_text(text, encoding="utf-8")
    files = OnnxModelFiles(
        name="tiny",
        weights=folder / "model.onnx",
        tokenizer=tokenizer,
        pooling=Pooling.MEAN,
    )
    encoder = OnnxTextEncoder(files, threads=1, max_tokens=128)
    with pytest.raises(EncoderError, match="tiny failed on 1 texts of 3 tokens"):
        encoder.encode_passages(["red blue"])
