import pytest

from reranker.testing import write_word_model


@pytest.fixture
def make_model(tmp_path):
    """Makes a small model's folder and returns it."""

    def make(name="words", **options):
        return write_word_model(tmp_path / name, **options)

    return make
