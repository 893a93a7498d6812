import sys

import pytest

from model_training import require_training_extra
from search_core import ConfigurationError

PACKAGES = ("datasets", "onnx", "peft", "sentence_transformers", "torch", "transformers")


@pytest.fixture
def installed(monkeypatch):
    for each in PACKAGES:
        monkeypatch.setitem(sys.modules, each, sys)


def test_nothing_is_said_where_all_is_installed(installed):
    require_training_extra()


@pytest.mark.parametrize("missing", PACKAGES)
def test_a_missing_package_is_named_with_how_to_install_it(installed, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ConfigurationError, match=f"needs {missing}, which is not") as raised:
        require_training_extra()
    assert "'.[train]'" in raised.value.remedy
