import sys

import pytest

from encoders.model_hub import fetch_hub_model, is_hub_id
from search_core import EncoderUnavailableError


@pytest.mark.parametrize(
    ("name", "is_id"),
    [
        ("BAAI/bge-small-en-v1.5", True),
        ("all-minilm-l6-v2", False),
        ("./models/mine", False),
        ("/srv/models/mine", False),
        ("a/b/c", False),
    ],
)
def test_an_id_is_an_owner_and_a_model(name, is_id):
    assert is_hub_id(name) is is_id


def test_only_the_files_that_are_needed_are_asked_for(model_folder):
    folder = model_folder()
    asked = {}

    def download(**arguments):
        asked.update(arguments)
        return str(folder)

    files = fetch_hub_model("owner/model", download)
    assert asked["repo_id"] == "owner/model"
    assert {"onnx/model.onnx", "tokenizer.json", "1_Pooling/config.json"} <= set(
        asked["allow_patterns"]
    )
    assert not any("*" in pattern for pattern in asked["allow_patterns"])
    assert files.name == "owner/model"
    assert files.weights == folder / "model.onnx"


def test_a_hub_that_does_not_answer_is_an_error_with_a_remedy():
    def download(**arguments):
        raise ConnectionError("no route to host")

    with pytest.raises(
        EncoderUnavailableError, match="owner/model could not be downloaded"
    ) as info:
        fetch_hub_model("owner/model", download)
    assert "set encoders.model to its folder" in info.value.remedy


def test_without_the_hubs_package_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(
        EncoderUnavailableError, match="the package huggingface_hub is missing"
    ) as info:
        fetch_hub_model("owner/model")
    assert "pip install huggingface_hub" in info.value.remedy
