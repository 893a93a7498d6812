from pathlib import Path

from shopkeeper.composition import trained_folder
from shopkeeper.configuration import load_settings


def test_what_was_trained_lies_in_the_data_folder(tmp_path):
    settings = load_settings(None, {"local_stack.data_dir": str(tmp_path)})
    assert trained_folder(settings) == tmp_path.resolve() / "understanding"


def test_a_folder_that_is_set_is_taken_as_it_is():
    settings = load_settings(None, {"query_understanding.trained": "/shop/models"})
    assert trained_folder(settings) == Path("/shop/models")
