import pytest

from encoders.model_files import Pooling
from encoders.model_folder import read_model_folder
from search_core import EncoderUnavailableError


def test_a_folder_without_configuration_means_mean_pooling_and_no_prefixes(model_folder):
    files = read_model_folder(model_folder(), "mine")
    assert files.name == "mine"
    assert files.pooling is Pooling.MEAN
    assert (files.query_prefix, files.passage_prefix) == ("", "")
    assert files.max_tokens is None


def test_weights_in_the_folder_onnx_are_found(model_folder):
    folder = model_folder()
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    assert read_model_folder(folder, "mine").weights == folder / "onnx" / "model.onnx"


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, Pooling.MEAN),
        ({"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}, Pooling.CLS),
        ({"pooling_mode_cls_token": True, "include_prompt": True}, Pooling.CLS),
        ({"pooling_mode": "cls"}, Pooling.CLS),
    ],
)
def test_the_pooling_of_sentence_transformers_is_honoured(model_folder, config, pooling):
    folder = model_folder(files={"1_Pooling/config.json": config})
    assert read_model_folder(folder, "mine").pooling is pooling


@pytest.mark.parametrize(
    "config",
    [
        {"pooling_mode_lasttoken": True},
        {"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True},
        {"pooling_mode_cls_token": False},
    ],
)
def test_a_pooling_that_is_not_offered_is_refused(model_folder, config):
    folder = model_folder(files={"1_Pooling/config.json": config})
    with pytest.raises(EncoderUnavailableError, match="which is not offered"):
        read_model_folder(folder, "mine")


@pytest.mark.parametrize("passage", ["passage", "document"])
def test_prefixes_come_from_the_prompts(model_folder, passage):
    prompts = {"prompts": {"query": "query: ", passage: "passage: "}}
    files = read_model_folder(
        model_folder(files={"config_sentence_transformers.json": prompts}), "mine"
    )
    assert (files.query_prefix, files.passage_prefix) == ("query: ", "passage: ")


def test_the_models_own_limits_and_padding_are_read(model_folder):
    folder = model_folder(
        files={
            "config.json": {"max_position_embeddings": 514, "pad_token_id": 1},
            "sentence_bert_config.json": {"max_seq_length": 256},
        }
    )
    files = read_model_folder(folder, "mine")
    assert (files.max_tokens, files.pad_token_id) == (256, 1)


@pytest.mark.parametrize(
    ("name", "missing"),
    [("model.onnx", "no model.onnx or onnx/model.onnx"), ("tokenizer.json", "no tokenizer.json")],
)
def test_a_missing_file_is_named(model_folder, name, missing):
    folder = model_folder()
    (folder / name).unlink()
    with pytest.raises(EncoderUnavailableError, match=missing):
        read_model_folder(folder, "mine")


def test_a_layer_after_the_transformer_is_refused(model_folder):
    modules = [
        {"type": "sentence_transformers.models.Transformer"},
        {"type": "sentence_transformers.models.Pooling"},
        {"type": "sentence_transformers.models.Dense"},
    ]
    with pytest.raises(EncoderUnavailableError, match=r"models\.Dense' after the transformer"):
        read_model_folder(model_folder(files={"modules.json": modules}), "mine")


def test_the_usual_layers_are_accepted(model_folder):
    modules = [
        {"type": f"sentence_transformers.models.{each}"}
        for each in ("Transformer", "Pooling", "Normalize")
    ]
    assert read_model_folder(model_folder(files={"modules.json": modules}), "mine")


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_broken_configuration_is_named(model_folder, content):
    folder = model_folder()
    (folder / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(EncoderUnavailableError, match=r"config\.json cannot be read"):
        read_model_folder(folder, "mine")
