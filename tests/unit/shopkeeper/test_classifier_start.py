from types import SimpleNamespace

import pytest

from search_core import RerankerModelError, SilentProgress
from search_core.settings import Settings
from shopkeeper import classifier_start as module
from shopkeeper.classifier_start import classifier_start


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Return what a start was made of, without fetching it."""
    made = []
    encoders = ("all-minilm-l6-v2-int8", "bge-small-zh-v1.5-int8")

    def files(name, store):
        return SimpleNamespace(name=name) if name in encoders else None

    def encoder(found, target):
        made.append(("encoder", found.name))
        return target

    def folder(source, target, *, layers, seed, vocabulary=None):
        kept = None if vocabulary is None else (vocabulary.texts, vocabulary.pieces)
        made.append(("folder", str(source), layers, seed, kept))
        return target

    monkeypatch.setattr(module, "onnx_model_files", files)
    monkeypatch.setattr(module, "starting_encoder", encoder)
    monkeypatch.setattr(module, "starting_folder", folder)
    monkeypatch.setattr(module, "training_start", lambda name, store, besides: name)

    def start(name="", texts=("red lamp",), layers=None):
        classifier_start(
            name, texts, tmp_path / "start", Settings(), SilentProgress(), layers=layers, seed=7
        )
        return made[-1]

    return start


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("red lamp", "desk"), "all-minilm-l6-v2-int8"),
        (("red lamp", "desk", "台灯", "sofa", "bed"), "bge-small-zh-v1.5-int8"),
        (("red lamp",) * 9 + ("台灯",), "all-minilm-l6-v2-int8"),
    ],
)
def test_the_encoder_that_reads_the_texts_is_the_start(started, texts, name):
    assert started(texts=texts) == ("encoder", name)


def test_a_named_encoder_is_taken_whatever_the_texts(started):
    assert started("bge-small-zh-v1.5-int8") == ("encoder", "bge-small-zh-v1.5-int8")


def test_of_anything_else_six_layers_are_kept_unless_it_is_said(started):
    assert started("/models/own") == ("folder", "/models/own", 6, 7, None)
    assert started("/models/own", layers=2) == ("folder", "/models/own", 2, 7, None)


def test_an_encoder_of_many_languages_keeps_its_layers_and_the_pieces_of_the_texts(started):
    texts = ("red lamp", "台灯")
    name = "multilingual-e5-small"
    assert started(name, texts) == ("folder", name, None, 7, (texts, 20_000))
    assert started(name, texts, layers=4) == ("folder", name, 4, 7, (texts, 20_000))


def test_a_name_that_is_none_is_told_all_that_there_are(tmp_path):
    settings = Settings()
    with pytest.raises(RerankerModelError, match="no start 'all-minilm'") as raised:
        classifier_start(
            "all-minilm", ["red lamp"], tmp_path / "start", settings, SilentProgress(),
            layers=None, seed=7,
        )  # fmt: skip
    for name in ("all-minilm-l6-v2-int8", "ms-marco-minilm-l12-v2-int8", "multilingual-e5-small"):
        assert name in raised.value.remedy
