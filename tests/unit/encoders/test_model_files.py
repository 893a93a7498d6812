import dataclasses

import pytest

from encoders.model_files import OnnxModelFiles, Pooling, model_id


@pytest.fixture
def files(tmp_path):
    weights, tokenizer = tmp_path / "model.onnx", tmp_path / "tokenizer.json"
    weights.write_bytes(b"weights")
    tokenizer.write_bytes(b"tokenizer")
    return OnnxModelFiles(name="tiny", weights=weights, tokenizer=tokenizer, pooling=Pooling.MEAN)


def test_a_model_id_is_its_name_and_12_hexadecimal_digits(files):
    name, _, digits = model_id(files, 128).partition("@")
    assert name == "tiny"
    assert len(digits) == 12
    assert int(digits, 16) >= 0


def test_a_model_id_stays_the_same_in_another_folder(files, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    moved = dataclasses.replace(
        files,
        weights=files.weights.rename(other / "model.onnx"),
        tokenizer=files.tokenizer.rename(other / "tokenizer.json"),
    )
    (tmp_path / "model.onnx").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_bytes(b"tokenizer")
    assert model_id(moved, 128) == model_id(files, 128)


@pytest.mark.parametrize(
    "change",
    [
        {"pooling": Pooling.CLS},
        {"query_prefix": "query: "},
        {"passage_prefix": "passage: "},
    ],
)
def test_a_model_used_otherwise_has_another_id(files, change):
    assert model_id(dataclasses.replace(files, **change), 128) != model_id(files, 128)


def test_a_model_cut_elsewhere_has_another_id(files):
    assert model_id(files, 64) != model_id(files, 128)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "model.onnx_data"])
def test_other_content_has_another_id(files, tmp_path, name):
    before = model_id(files, 128)
    (tmp_path / name).write_bytes(b"changed")
    assert model_id(files, 128) != before
