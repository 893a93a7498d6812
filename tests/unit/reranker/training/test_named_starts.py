import pytest

from artifacts import ArtifactStore
from reranker import NAMED_CROSS_ENCODERS
from reranker.training import NAMED_STARTS, training_start
from search_core import RerankerModelError


def test_a_folder_is_taken_as_it_is(tmp_path):
    assert training_start(str(tmp_path), ArtifactStore(tmp_path / "cache")) == tmp_path


def test_an_unknown_name_is_told_the_known_ones(tmp_path):
    with pytest.raises(RerankerModelError, match="there is no start 'bert'") as refused:
        training_start("bert", ArtifactStore(tmp_path))
    for name in (*NAMED_CROSS_ENCODERS, *NAMED_STARTS):
        assert name in str(refused.value.remedy)


def test_the_multilingual_start_reads_english_and_chinese():
    languages = NAMED_STARTS["multilingual-e5-small"].languages
    assert {"en", "zh", "de", "ja"} <= set(languages)
    assert all(len(code) == 2 and code.islower() for code in languages)
    assert len(set(languages)) == len(languages)
